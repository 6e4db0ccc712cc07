using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization;

public class ExceptionValueTests
{
    [Fact]
    public void AnExceptionStandsInSlotsOfEveryTypeThatItHas()
    {
        var derived = new ArgumentOutOfRangeException("count", 7, "Too many.");
        Assert.Equal(7, Assert.IsType<ArgumentOutOfRangeException>(Sent<ArgumentException>(derived)).ActualValue);
        Assert.Equal(7, Assert.IsType<ArgumentOutOfRangeException>(Sent<object>(derived)).ActualValue);
        Assert.Equal(3, Assert.IsType<Named>(Sent<INamed>(new Named(3))).Number);
        Assert.Equal(3, Assert.IsType<Named>(Sent<Abstract>(new Named(3))).Number);
        var aggregate = Sent(new OwnAggregate([derived, new FormatException("two")]));
        Assert.Equal(
            [typeof(ArgumentOutOfRangeException), typeof(FormatException)],
            aggregate.InnerExceptions.Select(inner => inner.GetType())
        );
        Assert.Null(Sent<Exception?>(null));
    }

    [Fact]
    public void AFieldThatHoldsTheInnerExceptionHoldsItThere()
    {
        var arrived = Sent(new WithCause(new FormatException("cause")));
        Assert.Same(arrived.InnerException, arrived.Cause);
        Exception chain = new FormatException("root");
        for (var i = 0; i < 12; i++)
        {
            chain = new WithCauses([chain, chain]);
        }

        Assert.NotNull(Sent(chain));
    }

    [Fact]
    public void AnExceptionThatHoldsItselfArrivesWithoutThat()
    {
        var exception = new InvalidOperationException("self");
        exception.Data["self"] = exception;
        exception.Data["number"] = 1;

        var arrived = Sent(exception);

        Assert.Equal("self", arrived.Message);
        Assert.Equal(1, arrived.Data["number"]);
    }

    [Fact]
    public void WhatCannotPrintItselfHereIsARemoteExceptionWithItsMessage()
    {
        var arrived = Assert.IsType<RemoteException>(Sent<Exception>(new OfStream(new MemoryStream(new byte[3]))));

        Assert.Equal("A stream of 3 bytes.", arrived.Message);
        Assert.Equal(typeof(OfStream).FullName, arrived.TypeName);
        Assert.Contains("A stream of 3 bytes.", arrived.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ATypeWhoseConstructorRefusesTheMessageArrivesWithItsState()
    {
        Assert.Equal(9, Sent(new Strict("code: 9")).Code);
        Assert.Null(Sent(new WithDefault { Note = null }).Note);
    }

    private static T Sent<T>(T value) => Travel.RoundTrip(value);

    internal interface INamed;

    internal abstract class Abstract : Exception;

    internal sealed class Named(int number) : Abstract, INamed
    {
        public int Number { get; } = number;
    }

    internal sealed class OwnAggregate(IEnumerable<Exception> inner) : AggregateException(inner);

    internal sealed class WithCause(Exception cause) : Exception("with a cause", cause)
    {
        public Exception Cause { get; } = cause;
    }

    internal sealed class WithCauses(Exception[] causes) : Exception("with causes", causes[0])
    {
        public Exception[] Causes { get; } = causes;
    }

    internal sealed class OfStream(Stream stream) : Exception
    {
        public override string Message => $"A stream of {stream.Length} bytes.";
    }

    internal sealed class Strict : Exception
    {
        public Strict(string text)
            : base("strict") => Code = int.Parse(text.Split(": ")[1], System.Globalization.CultureInfo.InvariantCulture);

        public int Code { get; }
    }

    internal sealed class WithDefault() : Exception("default")
    {
        public string? Note { get; set; } = "default";
    }
}
