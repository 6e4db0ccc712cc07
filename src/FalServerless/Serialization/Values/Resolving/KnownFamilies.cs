using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The framework's types that have a form of their own, by name: a table of types would load every assembly of collections at the first
/// value. The factory method has the name of the type, or the name behind the colon: then its first type argument is the type.
/// </summary>
internal static class KnownFamilies
{
    private const string Generic = "System.Collections.Generic.";

    private static readonly Dictionary<string, (Type Holder, string? Method)> Holders = Table(
        (typeof(CollectionFormatters), Generic, "List`1 LinkedList`1 Queue`1 Stack`1 PriorityQueue`2 HashSet`1 SortedSet`1"),
        (typeof(CollectionFormatters), "System.Collections.ObjectModel.", "Collection`1 ObservableCollection`1 ReadOnlyCollection`1"),
        (typeof(CollectionFormatters), "System.Collections.", "ArrayList BitArray"),
        (typeof(CollectionFormatters), "System.Collections.Concurrent.", "ConcurrentQueue`1 ConcurrentStack`1 ConcurrentBag`1"),
        (typeof(BlockingFormatters), "System.Collections.Concurrent.", "BlockingCollection`1"),
        (typeof(DynamicFormatters), "System.Dynamic.", "ExpandoObject"),
        (
            typeof(GateFormatters),
            "System.Threading.",
            "Lock SemaphoreSlim ManualResetEventSlim ManualResetEvent CountdownEvent Barrier ReaderWriterLock ReaderWriterLockSlim "
                + "SpinLock AsyncLocal`1"
        ),
        (typeof(LazyFormatters), "System.", "Lazy`1"),
        (typeof(MemoryFormatters), "System.", "ArraySegment`1 Memory`1 ReadOnlyMemory`1 Nullable`1"),
        (typeof(MemoryFormatters), "System.Text.", "StringBuilder"),
        (typeof(DictionaryFormatters), Generic, "Dictionary`2 SortedDictionary`2 SortedList`2 OrderedDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.Concurrent.", "ConcurrentDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.ObjectModel.", "ReadOnlyDictionary`2"),
        (typeof(DictionaryFormatters), "System.Collections.", "Hashtable"),
        (
            typeof(ImmutableFormatters),
            "System.Collections.Immutable.",
            "ImmutableArray`1 ImmutableList`1 ImmutableQueue`1 ImmutableStack`1 ImmutableHashSet`1 ImmutableSortedSet`1 "
                + "ImmutableDictionary`2 ImmutableSortedDictionary`2"
        ),
        (typeof(ImmutableFormatters), "System.Collections.Frozen.", "FrozenSet`1 FrozenDictionary`2"),
        (
            typeof(InterfaceFormatters),
            Generic,
            "IEnumerable`1 ICollection`1 IList`1 IReadOnlyCollection`1 IReadOnlyList`1 ISet`1 IReadOnlySet`1 IDictionary`2 "
                + "IReadOnlyDictionary`2"
        ),
        (typeof(LinqFormatters), "System.Linq.", "IGrouping`2 ILookup`2 Lookup`2 IOrderedEnumerable`1 IQueryable`1 IOrderedQueryable`1"),
        (typeof(JsonFormatters), "System.Text.Json.", "JsonElement JsonDocument"),
        (typeof(JsonFormatters), "System.Text.Json.Nodes.", "JsonNode JsonObject JsonArray JsonValue"),
        (typeof(SystemFormatters), "System.", "DBNull EventArgs FormattableString OperatingSystem UriBuilder TimeProvider ConsoleKeyInfo"),
        (typeof(SystemFormatters), "System.Buffers.", "StandardFormat ReadOnlySequence`1 ArrayBufferWriter`1"),
        (typeof(TimeZoneFormatters), "System.", "TimeZoneInfo TimeZoneInfo+AdjustmentRule TimeZoneInfo+TransitionTime"),
        (typeof(TextFormatters), "System.Text.RegularExpressions.", "Regex"),
        (typeof(TextFormatters), "System.Text.Json.", "JsonEncodedText"),
        (
            typeof(TextFormatters),
            "System.Text.",
            "CompositeFormat EncoderReplacementFallback DecoderReplacementFallback EncoderExceptionFallback DecoderExceptionFallback"
        ),
        (
            typeof(TextFormatters),
            "System.Text.",
            "Encoding:EncodingOf ASCIIEncoding:EncodingOf UTF8Encoding:EncodingOf UnicodeEncoding:EncodingOf UTF32Encoding:EncodingOf"
        ),
        (typeof(NumericsFormatters), "System.Numerics.", "Vector2 Vector3 Vector4 Quaternion Plane Matrix3x2 Matrix4x4"),
        (typeof(DrawingFormatters), "System.Drawing.", "Point PointF Size SizeF Rectangle RectangleF Color"),
        (
            typeof(NetFormatters),
            "System.Net.",
            "IPAddress IPEndPoint DnsEndPoint IPNetwork IPHostEntry NetworkCredential WebHeaderCollection Cookie CookieCollection "
                + "CookieContainer"
        ),
        (typeof(NetFormatters), "System.Net.NetworkInformation.", "PhysicalAddress"),
        (typeof(HttpFormatters), "System.Net.Http.", "HttpMethod"),
        (typeof(HttpFormatters), "System.Net.Http.Headers.", HttpHeaders),
        (typeof(MailFormatters), "System.Net.Mail.", "MailAddress"),
        (typeof(MailFormatters), "System.Net.Mime.", "ContentType"),
        (
            typeof(GlobalizationFormatters),
            "System.Globalization.",
            "RegionInfo CompareInfo SortVersion StringInfo IdnMapping DaylightTime TextInfo NumberFormatInfo"
        ),
        (typeof(GlobalizationFormatters), "System.Globalization.", Calendars),
        (typeof(FileFormatters), "System.IO.", "FileInfo DirectoryInfo DriveInfo EnumerationOptions"),
        (typeof(ComparerFormatters), "System.", "StringComparer"),
        (typeof(ComparerFormatters), Generic, "Comparer`1 EqualityComparer`1 ReferenceEqualityComparer"),
        (typeof(LegacyCollectionFormatters), "System.Collections.", "Queue Stack DictionaryEntry"),
        (
            typeof(LegacyCollectionFormatters),
            "System.Collections.Specialized.",
            "StringCollection BitVector32 NameValueCollection StringDictionary"
        ),
        (typeof(LegacyCollectionFormatters), "System.Collections.ObjectModel.", "ReadOnlyObservableCollection`1 ReadOnlySet`1"),
        (typeof(XmlFormatters), "System.Xml.Linq.", "XName XNamespace XDeclaration"),
        (
            typeof(XmlFormatters),
            "System.Xml.Linq.",
            "XElement:Node XDocument:Node XAttribute:Node XText:Node XCData:Node XComment:Node XProcessingInstruction:Node "
                + "XDocumentType:Node"
        ),
        (typeof(XmlDocumentFormatters), "System.Xml.", "XmlDocument XmlQualifiedName"),
        (
            typeof(SqlFormatters),
            "System.Data.SqlTypes.",
            "SqlBoolean SqlByte SqlInt16 SqlInt32 SqlInt64 SqlSingle SqlDouble SqlGuid SqlMoney SqlBinary SqlDateTime SqlDecimal SqlString"
        ),
        (typeof(DataFormatters), "System.Data.", "DataTable DataSet DataRow")
    );

    private const string HttpHeaders =
        "AuthenticationHeaderValue CacheControlHeaderValue ContentDispositionHeaderValue ContentRangeHeaderValue EntityTagHeaderValue "
        + "MediaTypeHeaderValue "
        + "MediaTypeWithQualityHeaderValue NameValueHeaderValue ProductHeaderValue ProductInfoHeaderValue RangeHeaderValue "
        + "RangeConditionHeaderValue "
        + "RetryConditionHeaderValue StringWithQualityHeaderValue TransferCodingHeaderValue ViaHeaderValue WarningHeaderValue";

    private const string Calendars =
        "ChineseLunisolarCalendar:CalendarOf GregorianCalendar:CalendarOf HebrewCalendar:CalendarOf HijriCalendar:CalendarOf "
        + "JapaneseCalendar:CalendarOf "
        + "JapaneseLunisolarCalendar:CalendarOf JulianCalendar:CalendarOf KoreanCalendar:CalendarOf KoreanLunisolarCalendar:CalendarOf "
        + "PersianCalendar:CalendarOf TaiwanCalendar:CalendarOf TaiwanLunisolarCalendar:CalendarOf ThaiBuddhistCalendar:CalendarOf "
        + "UmAlQuraCalendar:CalendarOf";

    public static FormatterFactory.Factory? Find(Type type)
    {
        if (!FrameworkTypes.Contains(type))
        {
            return null;
        }

        var name = (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!;
        return IsTuple(name) ? FormatterFactory.Positional(type)
            : !Holders.TryGetValue(name, out var maker) ? null
            : maker.Method is { } method ? FormatterFactory.Method(maker.Holder, method, [type, .. type.GetGenericArguments()])
            : FormatterFactory.Method(maker.Holder, type.Name.Split('`')[0], type.GetGenericArguments());
    }

    private static bool IsTuple(string name) =>
        name.StartsWith("System.ValueTuple", StringComparison.Ordinal)
        || name.StartsWith("System.Tuple`", StringComparison.Ordinal)
        || name == "System.Collections.Generic.KeyValuePair`2";

    private static Dictionary<string, (Type, string?)> Table(params (Type Holder, string Prefix, string Names)[] rows) =>
        rows.SelectMany(row =>
                row.Names.Split(' ')
                    .Select(name => name.Split(':'))
                    .Select(name => (row.Prefix + name[0], (row.Holder, name.ElementAtOrDefault(1))))
            )
            .ToDictionary();
}
