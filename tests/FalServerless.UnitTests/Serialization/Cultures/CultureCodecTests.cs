using System.Buffers;
using System.Globalization;
using FalServerless.Serialization.Cultures;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Wire;

namespace FalServerless.UnitTests.Serialization.Cultures;

public class CultureCodecTests
{
    public static TheoryData<string> Names =>
        [
            .. CultureInfo.GetCultures(CultureTypes.AllCultures).Select(culture => culture.Name).Where((_, index) => index % 7 == 0),
            "de-DE_phoneb",
            "zh-Hant-TW",
            "en-DE",
            "ar-SA",
            "th-TH",
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void AReadOnlyCultureIsItsNameAndComesBackAsTheSame(string name)
    {
        var culture = CultureInfo.GetCultureInfo(name);

        var bytes = Write(culture);

        Assert.True(bytes.Length <= name.Length + 2, $"{bytes.Length} bytes");
        Assert.Equal(culture, Read(bytes));
        Assert.Equal(culture.CompareInfo, Read(bytes).CompareInfo);
        Assert.True(Read(bytes).IsReadOnly);
    }

    [Fact]
    public void EveryChangeOfACultureComesBack()
    {
        var culture = new CultureInfo("de-DE");
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = "·",
            NumberGroupSeparator = "'",
            NumberGroupSizes = [3, 2, 0],
            CurrencySymbol = "¤",
            NegativeSign = "−",
            NaNSymbol = "?",
            PercentPositivePattern = 2,
            DigitSubstitution = DigitShapes.NativeNational,
            NativeDigits = ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"],
            CurrencyDecimalDigits = 5,
        };
        culture.DateTimeFormat.ShortDatePattern = "yyyy/MM/dd";
        culture.DateTimeFormat.AMDesignator = "early";
        culture.DateTimeFormat.FirstDayOfWeek = DayOfWeek.Saturday;
        culture.DateTimeFormat.MonthNames = [.. Enumerable.Range(1, 13).Select(month => $"M{month}")];
        culture.DateTimeFormat.CalendarWeekRule = CalendarWeekRule.FirstFullWeek;
        culture.TextInfo.ListSeparator = "|";

        var read = Read(Write(culture));

        Assert.Equal("de-DE", read.Name);
        Assert.False(read.IsReadOnly);
        Assert.Equal(1234567.5.ToString("N2", culture), 1234567.5.ToString("N2", read));
        Assert.Equal((-3.5m).ToString("C", culture), (-3.5m).ToString("C", read));
        foreach (var property in typeof(NumberFormatInfo).GetProperties().Where(property => property.CanWrite))
        {
            Assert.Equal(property.GetValue(culture.NumberFormat), property.GetValue(read.NumberFormat));
        }

        foreach (
            var property in typeof(DateTimeFormatInfo).GetProperties().Where(property => property.CanWrite && property.Name != "Calendar")
        )
        {
            Assert.Equal(property.GetValue(culture.DateTimeFormat), property.GetValue(read.DateTimeFormat));
        }

        Assert.Equal("|", read.TextInfo.ListSeparator);
    }

    [Theory]
    [InlineData("th-TH", typeof(GregorianCalendar))]
    [InlineData("ar-SA", typeof(HijriCalendar))]
    [InlineData("ja-JP", typeof(JapaneseCalendar))]
    public void AnotherCalendarComesBack(string name, Type calendar)
    {
        var culture = new CultureInfo(name);
        culture.DateTimeFormat.Calendar = (Calendar)Activator.CreateInstance(calendar)!;
        var day = new DateTime(2026, 11, 26);

        var read = Read(Write(culture));

        Assert.IsType(calendar, read.DateTimeFormat.Calendar);
        Assert.Equal(day.ToString("D", culture), day.ToString("D", read));
    }

    [Fact]
    public void ATwoDigitYearIsReadAsInTheChangedCalendar()
    {
        var culture = new CultureInfo("en-GB");
        culture.DateTimeFormat.Calendar.TwoDigitYearMax = 2099;

        Assert.Equal(2080, DateTime.Parse("01/02/80", Read(Write(culture))).Year);
    }

    [Fact]
    public void APropertyThatTheFrameworkAddsIsNoticed()
    {
        var writable = new[] { typeof(NumberFormatInfo), typeof(DateTimeFormatInfo), typeof(TextInfo) }
            .SelectMany(type => type.GetProperties().Where(property => property.SetMethod?.IsPublic == true))
            .Count();

        Assert.Equal(CultureProperties.Count, writable);
    }

    [Fact]
    public void MutatedBytesGiveACultureOrAProtocolException()
    {
        var culture = new CultureInfo("de-DE")
        {
            NumberFormat = { NumberDecimalSeparator = "x" },
            DateTimeFormat = { ShortDatePattern = "d" },
        };
        Mutation
            .Of(Write(culture))
            .Sample(
                20_000,
                mutated =>
                {
                    try
                    {
                        Read(mutated);
                    }
                    catch (ProtocolException) { }
                },
                Convert.ToHexString
            );
    }

    private static byte[] Write(CultureInfo culture)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        CultureCodec.Write(ref writer, culture);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static CultureInfo Read(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        return CultureCodec.Read(ref reader);
    }
}
