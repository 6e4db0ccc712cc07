using System.Buffers;
using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Data;
using System.Data.SqlTypes;
using System.Drawing;
using System.Dynamic;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace FalServerless.Tests.Shared.Values;

/// <summary>At least one value of each everyday type of the framework.</summary>
internal static class Samples
{
    public static object[] All() =>
        [.. System(), .. Texts(), .. Numbers(), .. Nets(), .. Cultures(), .. Collections(), .. Xmls(), .. Datas()];

    public static DataSet Shop()
    {
        var set = new DataSet("shop") { CaseSensitive = true, Locale = CultureInfo.GetCultureInfo("tr") };
        var orders = set.Tables.Add("orders");
        orders.Columns.Add(
            new DataColumn("id", typeof(int))
            {
                AutoIncrement = true,
                AutoIncrementSeed = 10,
                AutoIncrementStep = 5,
            }
        );
        orders.Columns.Add(
            new DataColumn("who", typeof(string))
            {
                MaxLength = 20,
                AllowDBNull = false,
                DefaultValue = "nobody",
                Caption = "Who?",
            }
        );
        orders.Columns.Add("when", typeof(DateTime));
        orders.Columns.Add("twice", typeof(int), "id * 2");
        orders.PrimaryKey = [orders.Columns["id"]!];
        orders.ExtendedProperties["note"] = 7;
        for (var i = 0; i < 4; i++)
        {
            orders.Rows.Add(null, $"w{i}", i == 1 ? DBNull.Value : new DateTime(2024, 1, 1 + i));
        }

        orders.AcceptChanges();
        orders.Rows[1]["who"] = "changed";
        orders.Rows[2].Delete();
        orders.Rows[0].SetColumnError("who", "bad");
        orders.Rows.Add(null, "added", DBNull.Value);
        var lines = set.Tables.Add("lines");
        lines.Columns.Add("order", typeof(int));
        lines.Columns.Add("any", typeof(object));
        lines.Rows.Add(10, new[] { 1, 2 });
        lines.Columns["order"]!.ReadOnly = true;
        set.Relations.Add("of", orders.Columns["id"]!, lines.Columns["order"]!);
        ((ForeignKeyConstraint)lines.Constraints[0]).DeleteRule = Rule.SetNull;
        return set;
    }

    private static object[] System() =>
        [
            DBNull.Value,
            EventArgs.Empty,
            FormattableStringFactory.Create("a {0:N2} {1}", 1.5, "b"),
            new OperatingSystem(PlatformID.Unix, new(6, 1)),
            new UriBuilder("http://u:p@host:81/path?q=1#f"),
            TimeProvider.System,
            new ConsoleKeyInfo('A', ConsoleKey.A, true, false, true),
            new StandardFormat('N', 2),
            TimeZoneInfo.Utc,
            TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
            TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe"),
            TimeZoneInfo.CreateCustomTimeZone("mine", TimeSpan.FromMinutes(83), "[mine]; x", "mine"),
            CustomZone(),
            CustomZone().GetAdjustmentRules()[0],
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 2, 0, 0), 3, 5),
            new ReadOnlySequence<int>([1, 2]),
            Buffer(),
            new FileInfo("/etc/hosts"),
            new FileInfo("some/file.txt"),
            new DirectoryInfo("/tmp"),
            new DriveInfo("/"),
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 },
            new Version(1, 2, 3),
            new Uri("/x", UriKind.Relative),
            1..^2,
            Guid.Empty,
        ];

    private static object[] Texts() =>
        [
            new Regex(@"(?<year>\d{4})-(\d+)", RegexOptions.IgnoreCase | RegexOptions.Compiled, TimeSpan.FromSeconds(3)),
            new Regex("x"),
            CompositeFormat.Parse("{0,5:N1}!"),
            JsonEncodedText.Encode("a<b\"\u00e9"),
            new Rune('x'),
            new StringBuilder("text"),
            Encoding.UTF8,
            Encoding.Unicode,
            Encoding.BigEndianUnicode,
            Encoding.UTF32,
            Encoding.ASCII,
            Encoding.Latin1,
            Encoding.Default,
            new UTF8Encoding(false, true),
            new UTF8Encoding(true),
            new UnicodeEncoding(true, false, true),
            new UTF32Encoding(true, true),
            new ASCIIEncoding(),
            Encoding.GetEncoding("us-ascii", new EncoderReplacementFallback("!"), new DecoderExceptionFallback()),
            CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
            new EncoderReplacementFallback("?"),
            new DecoderReplacementFallback("?"),
            new EncoderExceptionFallback(),
            new DecoderExceptionFallback(),
            JsonDocument.Parse("{\"a\": [1.50, 1e400, \"\\u00e9\", null] }").RootElement,
            JsonNode.Parse("{\"a\":[1.50,{\"b\":null}]}")!,
            JsonValue.Create(1.5m),
            new JsonArray(1, "x"),
            StringComparer.Ordinal,
            StringComparer.OrdinalIgnoreCase,
            StringComparer.InvariantCulture,
            StringComparer.Create(CultureInfo.GetCultureInfo("tr"), true),
            Comparer<int>.Default,
            EqualityComparer<string>.Default,
            ReferenceEqualityComparer.Instance,
        ];

    private static object[] Numbers() =>
        [
            new Vector2(1, float.NaN),
            new Vector3(1, 2, 3),
            new Vector4(1, 2, 3, 4),
            new Quaternion(1, 2, 3, 4),
            new Plane(1, 2, 3, 4),
            Matrix3x2.CreateRotation(1),
            Matrix4x4.CreateRotationX(1),
            new BigInteger(1e40),
            new Complex(1, 2),
            new Point(1, 2),
            new PointF(1, 2),
            new Size(1, 2),
            new SizeF(1, 2),
            new Rectangle(1, 2, 3, 4),
            new RectangleF(1, 2, 3, 4),
            Color.Red,
            Color.FromArgb(255, 255, 0, 0),
            Color.FromName("mine"),
            Color.Empty,
            SystemColors.Window,
        ];

    private static object[] Nets() =>
        [
            IPAddress.Loopback,
            IPAddress.Parse("fe80::1%3"),
            new IPEndPoint(IPAddress.IPv6Any, 80),
            new DnsEndPoint("host", 81),
            IPNetwork.Parse("10.0.0.0/8"),
            new IPHostEntry
            {
                HostName = "h",
                Aliases = ["a"],
                AddressList = [IPAddress.Any],
            },
            new NetworkCredential("u", "p", "d"),
            new WebHeaderCollection { ["X-A"] = "1", [HttpRequestHeader.Accept] = "a, b" },
            Biscuit(),
            new CookieCollection { Biscuit() },
            Jar(),
            PhysicalAddress.Parse("001122334455"),
            HttpMethod.Get,
            new HttpMethod("BREW"),
            new AuthenticationHeaderValue("Bearer", "x y"),
            new CacheControlHeaderValue { MaxAge = TimeSpan.FromSeconds(5), NoCache = true },
            new ContentDispositionHeaderValue("attachment") { FileName = "a.txt" },
            new ContentRangeHeaderValue(1, 2, 3),
            new EntityTagHeaderValue("\"x\"", true),
            new MediaTypeHeaderValue("text/plain", "utf-8"),
            new MediaTypeWithQualityHeaderValue("text/plain", 0.5),
            new NameValueHeaderValue("a", "b"),
            new ProductHeaderValue("p", "1"),
            new ProductInfoHeaderValue("p", "1"),
            new RangeHeaderValue(1, 2),
            new RangeConditionHeaderValue("\"x\""),
            new RetryConditionHeaderValue(TimeSpan.FromSeconds(5)),
            new StringWithQualityHeaderValue("de", 0.5),
            new TransferCodingHeaderValue("chunked"),
            new ViaHeaderValue("1.1", "host"),
            new WarningHeaderValue(110, "host", "\"stale\""),
            new MailAddress("a@b.example", "A, B"),
            new ContentType("text/html; charset=utf-8"),
            HttpStatusCode.NotFound,
        ];

    private static object[] Cultures() =>
        [
            CultureInfo.GetCultureInfo("de-CH"),
            new RegionInfo("CH"),
            CultureInfo.GetCultureInfo("sv").CompareInfo,
            CultureInfo.GetCultureInfo("tr").TextInfo,
            CultureInfo.GetCultureInfo("de-CH").NumberFormat,
            new NumberFormatInfo { NumberDecimalSeparator = "°" },
            new SortVersion(1, Guid.NewGuid()),
            new StringInfo("a\u0301b"),
            new IdnMapping { UseStd3AsciiRules = true },
            new DaylightTime(new(2024, 3, 1), new(2024, 10, 1), TimeSpan.FromHours(1)),
            new GregorianCalendar(GregorianCalendarTypes.USEnglish) { TwoDigitYearMax = 2099 },
            new HijriCalendar { HijriAdjustment = 1 },
            new HebrewCalendar(),
            new JapaneseCalendar(),
            new JapaneseLunisolarCalendar(),
            new JulianCalendar(),
            new KoreanCalendar(),
            new KoreanLunisolarCalendar(),
            new PersianCalendar(),
            new TaiwanCalendar(),
            new TaiwanLunisolarCalendar(),
            new ThaiBuddhistCalendar(),
            new UmAlQuraCalendar(),
            new ChineseLunisolarCalendar(),
            Calendar.ReadOnly(new JulianCalendar()),
        ];

    private static object[] Collections() =>
        [
            new Queue(new object[] { 1, "x" }),
            new Stack(new object[] { 1, "x" }),
            new DictionaryEntry("a", 1),
            new StringCollection { "a", "b" },
            new BitVector32(5),
            new NameValueCollection
            {
                { "a", "1" },
                { "a", "2" },
                { "b", null },
            },
            new StringDictionary { ["a"] = "1" },
            new ReadOnlyObservableCollection<int>([1, 2]),
            new ReadOnlySet<int>(new HashSet<int> { 1, 2 }),
            new Lazy<int>(5),
            Expando(),
        ];

    private static object[] Xmls()
    {
        var document = XDocument.Parse(
            "<?xml version='1.0' standalone='yes'?><!DOCTYPE a [<!ENTITY e 'x'>]><!--c--><p:a xmlns:p='urn:p' p:x='1' "
                + "y='&#xD;&#xA;'>\r\n <b/><b></b><![CDATA[<raw>]]>\t<?do it?></p:a>",
            LoadOptions.PreserveWhitespace
        );
        document.Root!.Add(new XText("one"), new XText("two"));
        var plain = new XmlDocument { PreserveWhitespace = true };
        plain.LoadXml("<?xml version='1.0' encoding='utf-8'?><a x='1'> <b/>&#xD;<![CDATA[<]]></a>");
        return
        [
            document,
            document.Root,
            document.Root.FirstAttribute!,
            document.Root.Element("b")!,
            document.DocumentType!,
            document.DescendantNodes().OfType<XCData>().Single(),
            new XElement("free", new XAttribute("a", 1)),
            new XText("t"),
            new XComment("c"),
            new XProcessingInstruction("a", "b"),
            XName.Get("{urn:x}y"),
            XNamespace.Xml,
            new XDeclaration("1.0", "utf-8", "yes"),
            plain,
            new XmlQualifiedName("a", "urn:b"),
        ];
    }

    private static object[] Datas()
    {
        var set = Shop();
        return
        [
            set,
            set.Tables[0],
            set.Tables[0].Rows[1],
            Shop().Tables[1].Copy(),
            SqlBoolean.True,
            SqlByte.MaxValue,
            SqlInt16.MinValue,
            new SqlInt32(5),
            SqlInt32.Null,
            new SqlInt64(5),
            new SqlSingle(1.5f),
            new SqlDouble(1.5),
            new SqlGuid(Guid.Empty),
            new SqlMoney(1.5m),
            new SqlBinary([1, 2]),
            new SqlDateTime(2024, 1, 2, 3, 4, 5),
            SqlDateTime.Null,
            new SqlDecimal(-123.456m),
            new SqlString("a", 1033),
            SqlString.Null,
        ];
    }

    private static ExpandoObject Expando()
    {
        dynamic expando = new ExpandoObject();
        expando.Number = 1;
        expando.Inner = new ExpandoObject();
        return expando;
    }

    private static ArrayBufferWriter<byte> Buffer()
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write((ReadOnlySpan<byte>)[1, 2, 3]);
        return buffer;
    }

    private static TimeZoneInfo CustomZone()
    {
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new(2000, 1, 1),
            new(2030, 12, 31),
            TimeSpan.FromMinutes(30),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 2, 0, 0), 10, 5)
        );
        return TimeZoneInfo.CreateCustomTimeZone("zone", TimeSpan.FromHours(3), "zone", "zone winter", "zone summer", [rule]);
    }

    private static Cookie Biscuit() =>
        new("n", "v", "/p", "host.example")
        {
            Secure = true,
            HttpOnly = true,
            Expires = new(2090, 1, 1),
            Comment = "c",
        };

    private static CookieContainer Jar()
    {
        var jar = new CookieContainer(50, 10, 2000);
        jar.Add(Biscuit());
        return jar;
    }
}
