// The package's reader and writer stay behind those of this folder; its constants have no other names here.
global using MessagePackCode = MessagePack.MessagePackCode;
global using MessagePackType = MessagePack.MessagePackType;
