namespace FalServerless.Serialization.Values;

/// <summary>Why types of the framework that have no form outside their process have none, by what kind they are.</summary>
internal static class FrameworkRefusals
{
    private static readonly Dictionary<string, SendRefusal> ByName = new()
    {
        ["System.HashCode"] = new("hash codes differ from process to process", "Compute it inside the body"),
        ["System.Numerics.Vector`1"] = new("how many numbers it holds depends on the processor", "Copy it to an array"),
        ["System.Globalization.SortKey"] = new(
            "its bytes depend on the version of the collation data",
            "Pass the text, and compare by a CompareInfo"
        ),
        ["System.Globalization.DateTimeFormatInfo"] = new(
            "it belongs to a culture, whose other data it uses",
            "Pass the CultureInfo with this as its DateTimeFormat"
        ),
        ["System.Text.Json.JsonSerializerOptions"] = new(
            "it keeps what it has learned of types in this process",
            "Make it inside the body, or hold it in a static readonly field"
        ),
        ["System.Text.RegularExpressions.Match"] = new(
            "it searches in its text when it is read",
            "Pass the Value and Index of what you need of it"
        ),
        ["System.Text.RegularExpressions.Group"] = new("it belongs to a match", "Pass its Value and Index"),
        ["System.Text.RegularExpressions.Capture"] = new("it belongs to a match", "Pass its Value and Index"),
        ["System.Text.RegularExpressions.MatchCollection"] = new(
            "it searches in its text when it is read",
            "Pass the Value and Index of each match"
        ),
        ["System.Data.DataColumn"] = new("it belongs to its table", "Pass the table, or the column's name"),
        ["System.Data.DataView"] = new("it is a view of a table", "Pass its ToTable(), or the table and the RowFilter"),
        ["System.Data.DataRowView"] = new("it is a view of a row", "Pass its Row"),
        ["System.Xml.XmlNode"] = new("it belongs to its document", "Pass the XmlDocument, or its OuterXml"),
        ["System.Xml.XmlReader"] = new("a reader is open in this process only", "Read it into a string or an XDocument first"),
        ["System.Xml.XmlWriter"] = new("a writer is open in this process only", "Return the text, or open the writer inside the body"),
        ["System.Buffers.SearchValues`1"] = new(
            "what it was made of is hidden in the framework",
            "Pass the values, or hold it in a static readonly field"
        ),
        ["System.Buffers.ArrayPool`1"] = new("a pool of memory belongs to this process", "Use ArrayPool<T>.Shared inside the body"),
        ["System.Buffers.MemoryPool`1"] = new("a pool of memory belongs to this process", "Use MemoryPool<T>.Shared inside the body"),
        ["System.Net.CredentialCache"] = new("it may represent the user of this process", "Pass the NetworkCredential"),
        ["System.Text.Encoder"] = new("it is in the middle of a text", "Pass the Encoding"),
        ["System.Text.Decoder"] = new("it is in the middle of a text", "Pass the Encoding"),
        ["System.Threading.ExecutionContext"] = new("it belongs to a flow of this process", "Pass the values that the body needs"),
        ["System.Threading.SynchronizationContext"] = new("it belongs to threads of this process", "Await the call, and go on here"),
        ["System.Lazy`2"] = new("its metadata describe a part that this process has put together", "Pass its Value and its Metadata"),
        ["System.AppDomain"] = new("it is this process", "Use it inside the body"),
    };

    private static readonly SendRefusal AttributeRefusal = new(
        "an attribute is part of the code that it is applied to",
        "Read it inside the body"
    );
    private static readonly SendRefusal Event = new("it describes an event in this process", "Pass the data that the body needs of it");
    private static readonly SendRefusal Builder = new("it is a collection that is still being built", "Pass what its ToImmutable() gives");
    private static readonly SendRefusal Handle = new(
        "a handle of this process means nothing in another",
        "Pass the Type and the member's name, and look it up inside the body"
    );
    private static readonly SendRefusal Threads = new("it belongs to threads of this process", "Create it inside the body");
    private static readonly SendRefusal Resource = new(
        "it holds resources of this process",
        "Pass what it was made with, and make it inside the body"
    );
    private static readonly SendRefusal Collection = new(
        "it is a collection that hides how it was made",
        "Copy its items to a List<T> or an array"
    );

    /// <summary>The reason that fits; null where there is only the general one.</summary>
    public static SendRefusal? Find(Type type)
    {
        for (var known = type; known is not null && known != typeof(object); known = known.BaseType)
        {
            if (
                ByName.TryGetValue(
                    (known.IsConstructedGenericType ? known.GetGenericTypeDefinition() : known).FullName ?? "",
                    out var refusal
                )
            )
            {
                return refusal;
            }
        }

        return type.IsAssignableTo(typeof(System.Collections.IEnumerator)) || type.Name.EndsWith("Enumerator", StringComparison.Ordinal)
                ? Refusals.Enumerator
            : RuntimeTypes.Promises(type, typeof(IAsyncEnumerable<>)) ? Refusals.AsyncSequence
            : type.IsAssignableTo(typeof(Attribute)) ? AttributeRefusal
            : type.IsAssignableTo(typeof(EventArgs)) ? Event
            : type.Name == "Builder" && type.Namespace == "System.Collections.Immutable" ? Builder
            : type.Name.StartsWith("Runtime", StringComparison.Ordinal) && type.Name.EndsWith("Handle", StringComparison.Ordinal) ? Handle
            : type.Namespace is "System.Threading" or "System.Threading.Tasks" or "System.Threading.Channels" ? Threads
            : type.IsAssignableTo(typeof(IDisposable)) || type.IsAssignableTo(typeof(IAsyncDisposable)) ? Resource
            : type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? Collection
            : null;
    }
}
