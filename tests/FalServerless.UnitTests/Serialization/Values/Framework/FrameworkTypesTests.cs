using System.Data;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Framework;

/// <summary>The framework's everyday types arrive as themselves.</summary>
public class FrameworkTypesTests
{
    private static readonly ValueSerializer ToAWorker = new(
        TypeNames.OfThisProcess,
        new() { WritesDelegates = true, ReadsDelegates = true }
    );

    [Fact]
    public void EachSampleIsTheSameThere()
    {
        var different = Samples
            .All()
            .Select(sample => (sample, Before: Describing.Describe(sample), After: Attempt(sample)))
            .Where(it => it.Before != it.After)
            .ToArray();

        Assert.True(
            different.Length == 0,
            string.Join("\n\n", different.Select(it => $"{it.sample.GetType()}\n{From(it.Before, it.After)}\n{From(it.After, it.Before)}"))
        );

        static string From(string text, string other)
        {
            var same = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
            return text[Math.Max(0, same - 40)..Math.Min(text.Length, same + 100)];
        }

        static string Attempt(object sample)
        {
            try
            {
                return Describing.Describe(Travel.RoundTrip<object>(sample));
            }
            catch (Exception e) when (e is NotSendableException or ProtocolException)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public void NodesOfOneTreeAreNodesOfOneTreeThere()
    {
        var document = XDocument.Parse("<a><b x='1'/><c/></a>");
        var (b, c, x) = Travel.RoundTrip(
            (document.Root!.Element("b")!, document.Root.Element("c")!, document.Root.Element("b")!.Attribute("x")!)
        );
        Assert.Same(b.Parent, c.Parent);
        Assert.Same(b, x.Parent);
        Assert.Equal(document.ToString(), b.Document!.ToString());

        var node = JsonNode.Parse("{\"a\":[1,{\"B\":2}]}", new() { PropertyNameCaseInsensitive = true })!;
        var (whole, inner) = Travel.RoundTrip((node, node["a"]![1]!));
        Assert.Same(whole, inner.Root);
        Assert.Equal(2, (int)inner["b"]!);

        var set = Samples.Shop();
        var (row, table) = Travel.RoundTrip((set.Tables[0].Rows[1], set.Tables[0]));
        Assert.Same(table, row.Table);
        Assert.NotNull(table.DataSet);
    }

    [Fact]
    public void ARowWhoseEditHasNotEndedIsRefused()
    {
        var table = new DataTable("orders") { Columns = { { "id", typeof(int) } }, Rows = { { 1 } } };
        table.AcceptChanges();
        table.Rows[0].BeginEdit();
        table.Rows[0]["id"] = 2;
        Assert.Contains("EndEdit", Assert.Throws<NotSendableException>(() => Travel.Bytes(table)).Suggestion, StringComparison.Ordinal);

        table.Rows[0].EndEdit();
        Assert.Equal((2, 1), (Travel.RoundTrip(table).Rows[0]["id"], Travel.RoundTrip(table).Rows[0]["id", DataRowVersion.Original]));
    }

    [Fact]
    public void RowsKeepTheirStatesAndTablesTheirRules()
    {
        var set = Travel.RoundTrip(Samples.Shop());
        var orders = set.Tables["orders"]!;
        DataRowState[] states =
        [
            DataRowState.Unchanged,
            DataRowState.Modified,
            DataRowState.Deleted,
            DataRowState.Unchanged,
            DataRowState.Added,
        ];
        Assert.Equal(states, orders.Rows.Cast<DataRow>().Select(row => row.RowState));
        Assert.Equal(("w1", "changed"), (orders.Rows[1]["who", DataRowVersion.Original], orders.Rows[1]["who"]));
        Assert.Equal("bad", orders.Rows[0].GetColumnError("who"));
        Assert.Equal(20, orders.Rows[0]["twice"]);
        Assert.Equal(35, orders.Rows.Add(null, "next", DBNull.Value)["id"]);
        Assert.Throws<ConstraintException>(() => orders.Rows.Add(10, "again", DBNull.Value));
        Assert.Equal(Rule.SetNull, set.Tables["lines"]!.Constraints.OfType<ForeignKeyConstraint>().Single().DeleteRule);
        Assert.Equal(10, set.Tables["lines"]!.Rows[0].GetParentRow("of")!["id"]);
        Assert.Equal("tr", set.Locale.Name);
    }

    [Fact]
    public void EverySystemTimeZoneKeepsItsRules()
    {
        var wrong = TimeZoneInfo
            .GetSystemTimeZones()
            .Where(zone => Travel.RoundTrip(zone) is var there && !(there.Equals(zone) && there.HasSameRules(zone)));
        Assert.Empty(wrong.Select(zone => zone.Id));
    }

    [Fact]
    public void DeepXmlNeedsNoStack()
    {
        var deep = new XElement("a");
        for (var i = 0; i < 20_000; i++)
        {
            deep = new XElement("a", deep);
        }

        Assert.Equal(20_001, Travel.RoundTrip(deep).DescendantsAndSelf().Count());
    }

    [Fact]
    public void JsonKeepsWhatItsOptionsLetPass()
    {
        var options = new JsonDocumentOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = 500,
        };
        var text = "[1, /* c */ " + new string('[', 200) + new string(']', 200) + ",]";
        Assert.Equal(2, Travel.RoundTrip(JsonDocument.Parse(text, options).RootElement).GetArrayLength());
    }

    [Theory]
    [InlineData("System.Net.Http.HttpResponseMessage", "status code")]
    [InlineData("System.Random", "seed")]
    [InlineData("System.HashCode", "inside the body")]
    [InlineData("System.Text.Json.JsonSerializerOptions", "static readonly")]
    [InlineData("System.Data.DataColumn", "column's name")]
    [InlineData("System.Xml.XmlElement", "OuterXml")]
    public void WhatCannotBeSentIsRefusedWithAReasonThatFits(string name, string suggestion)
    {
        var type = AppDomain
            .CurrentDomain.GetAssemblies()
            .Append(typeof(HttpClient).Assembly)
            .Append(typeof(DataColumn).Assembly)
            .Append(typeof(XmlElement).Assembly)
            .Append(typeof(JsonElement).Assembly)
            .Select(assembly => assembly.GetType(name))
            .First(found => found is not null)!;
        Assert.Contains(
            suggestion,
            Assert.Throws<NotSendableException>(() => ValueSerializer.EnsureCanBeSent(type)).Suggestion,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ProgressIsRefusedWithAStreamAsTheSuggestion()
    {
        IProgress<int> progress = new Progress<int>();
        Assert.Contains(
            "IAsyncEnumerable",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(progress)).Suggestion,
            StringComparison.Ordinal
        );
        var error = Assert.Throws<CaptureException>(() => Isolated.Create(() => Report(progress)).Invoke());
        Assert.Contains("IAsyncEnumerable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADocumentTypeIsNeverResolved()
    {
        var document = new XmlDocument { XmlResolver = null };
        document.LoadXml("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>");
        Assert.Contains("OuterXml", Assert.Throws<NotSendableException>(() => Travel.Bytes(document)).Suggestion, StringComparison.Ordinal);
        var bytes = Travel.Bytes((false, "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", default((string, string?, string?)?)));
        Assert.Throws<ProtocolException>(() => Travel.Read<XmlDocument>(bytes));
    }

    [Fact]
    public void MutatedBytesOfEachSampleAreAProtocolExceptionOrAValue()
    {
        var random = new Random(13);
        foreach (var sample in Samples.All())
        {
            var bytes = Travel.Bytes<object>(sample);
            for (var i = 0; i < 40; i++)
            {
                var mutated = bytes.ToArray();
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                var error = Record.Exception(() => Travel.Read(mutated, typeof(object)));
                Assert.True(error is null or ProtocolException, $"{sample.GetType()}: {error}");
            }
        }
    }

    private static void Report(IProgress<int> progress) => progress.Report(1);
}
