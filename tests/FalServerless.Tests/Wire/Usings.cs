global using ExtensionResult = MessagePack.ExtensionResult;
global using MessagePackCode = MessagePack.MessagePackCode;
global using MessagePackType = MessagePack.MessagePackType;
