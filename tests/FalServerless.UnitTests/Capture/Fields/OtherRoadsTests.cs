using System.Runtime.Serialization;
using FalServerless.Capture.Fields;
using FalServerless.Tests.Shared.Fields;

namespace FalServerless.UnitTests.Capture.Fields;

/// <summary>An object that a message leads to in another way too, or whose class has a say in it, is sent whole.</summary>
public class OtherRoadsTests
{
    [Fact]
    public void ADelegateAloneBringsOnlyWhatItUses()
    {
        Assert.Equal("first", new Service().Sent(service => service.Alone()));
        Assert.Equal("first", Arrival.Of(new Service().Alone(), hasPackages: true, []).This<Service>().Arrived);
    }

    [Theory]
    [InlineData(nameof(Service.WithAList))]
    [InlineData(nameof(Service.WithAVariable))]
    [InlineData(nameof(Service.WithADelegate))]
    [InlineData(nameof(Service.WithADelegateOverTheSameClosure))]
    [InlineData(nameof(Service.WithItself))]
    [InlineData(nameof(Service.WithAFieldThatLeadsBack))]
    [InlineData(nameof(Service.WithADelegateInAField))]
    [InlineData(nameof(Service.WithAComparer))]
    [InlineData(nameof(Service.Combined))]
    public void AnObjectThatIsCapturedTwiceIsSentWhole(string way) =>
        Assert.Equal("first second", new Service().Sent(service => (Delegate)typeof(Service).GetMethod(way)!.Invoke(service, null)!));

    [Fact]
    public void AnInputThatIsTheObjectBringsItWhole()
    {
        var service = new Service();
        Func<object, int> body = service.Taking();

        Assert.Equal("first second", Arrival.Of(body, service).This<Service>().Arrived);
        Assert.Equal("first", Arrival.Of(body, "another").This<Service>().Arrived);
    }

    [Fact]
    public void TheSameDelegateBringsWhatEachCallNeeds()
    {
        var service = new Service();
        var body = service.Alone();

        Assert.Equal("first", Arrival.Of(body).This<Service>().Arrived);
        service.KeepIn(service);
        Assert.Equal("first", Arrival.Of(body).This<Service>().Arrived);
        Assert.Equal("second", Arrival.Of(service.AnotherField()).This<Service>().Arrived);
        Assert.Equal("first", Arrival.Of(body).This<Service>().Arrived);
    }

    [Fact]
    public void ManyCallsBringTheSame()
    {
        var body = new Service().Alone();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal("first", Arrival.Of(body).This<Service>().Arrived);
        }
    }

    [Fact]
    public void AClassThatKeepsItsStateInItsOwnWayIsSentWhole()
    {
        Assert.Contains("finalizer", Whole(new Finalized().Body()), StringComparison.Ordinal);
        Assert.Contains("how it is stored", Whole(new Called().Body()), StringComparison.Ordinal);
        Assert.Contains("how it is stored", Whole(new Contracted().Body()), StringComparison.Ordinal);
        Assert.Contains("base class 'MarshalByRefObject'", Whole(new Based().Body()), StringComparison.Ordinal);
        Assert.Contains("how it is stored", Whole(new Laid().Body()), StringComparison.Ordinal);
    }

    [Fact]
    public void AnObjectOfAStaticFieldIsTheOneThere()
    {
        Assert.Same(Known.One, Arrival.Of(Known.One.Body()).This<Known>());
        Assert.Equal("first", Arrival.Of(new Known().Body()).This<Known>().Arrived);
    }

    [Fact]
    public void AGenericClassAndItsBaseAreSentInPart()
    {
        var arrived = Arrival.Of(new Pair<string, int>("a", 2).Body());

        Assert.Equal("a:2", arrived.Run());
        Assert.Equal((null, 0), (arrived.This<Pair<string, int>>().Third, arrived.This<Pair<string, int>>().Fourth));
    }

    [Fact]
    public void ARecordIsSentInPartAndACopyOfItIsWhole()
    {
        Assert.Equal((1, 0), (Arrival.Of(new Point(1, 2).One()).This<Point>().X, Arrival.Of(new Point(1, 2).One()).This<Point>().Y));
        Assert.Equal(new Point(1, 2), Arrival.Of(new Point(1, 2).Copy()).This<Point>());
        Assert.StartsWith("'with' of 'Point' passes it", Whole(new Point(1, 2).Copy()), StringComparison.Ordinal);
        Assert.Equal(new Point(1, 2), Arrival.Of(new Point(1, 2).Same()).This<Point>());
    }

    [Fact]
    public void TheCodeOfAClassIsReadOnce()
    {
        var body = new Service().Alone();
        Assert.Same(
            FieldUsage.Of(typeof(Service), body.Method, Taint.This),
            FieldUsage.Of(typeof(Service), new Service().Alone().Method, Taint.This)
        );
    }

    [Fact]
    public void AFieldOfATypeThatCannotBeSentStaysHome()
    {
        var arrived = Arrival.Of(new Unsendable().Body());
        Assert.Equal(4, arrived.Run());
    }

    private static string Whole(Delegate body) => FieldUsage.Of(body.Target!.GetType(), body.Method, Taint.This).WholeBecause ?? "";

    internal sealed class Service
    {
        private readonly int _first = 1;
        private readonly int _second = 2;
        private object? _kept;
        private Func<int>? _handler;

        public string Arrived =>
            string.Join(' ', new[] { _first != 0 ? "first" : "", _second != 0 ? "second" : "" }.Where(name => name.Length > 0));

        public string Sent(Func<Service, Delegate> body)
        {
            var made = body(this);
            var arrival = Arrival.Of(made);
            Assert.Equal(Arrival.Result(made), arrival.Run());
            return arrival.This<Service>().Arrived;
        }

        public void KeepIn(Service other) => other._kept = this;

        public Func<int> Alone() =>
            () =>
            {
                return _first;
            };

        public Func<int> AnotherField() =>
            () =>
            {
                return _second;
            };

        public Func<object, int> Taking() =>
            input =>
            {
                return _first + ((input as Service)?._second ?? 0);
            };

        public Func<int> WithAList()
        {
            var all = new List<Service> { this };
            return () =>
            {
                return _first + all[0]._second;
            };
        }

        public Func<int> WithAVariable()
        {
            var other = this;
            return () =>
            {
                return _first + other._second;
            };
        }

        public Func<int> WithADelegate()
        {
            var other = AnotherField();
            return () =>
            {
                return _first + other();
            };
        }

        public Func<int> WithADelegateOverTheSameClosure()
        {
            var local = 1;
            Func<int> other = () =>
            {
                return _second + local;
            };
            return () =>
            {
                return _first + other() + local;
            };
        }

        public Func<int> WithItself()
        {
            Func<int, int>? self = null;
            self = left =>
            {
                return left == 0 ? _first : self!(left - 1) + ((dynamic)self.Target!).GetHashCode() * 0;
            };
            return () =>
            {
                return self(2) + _second;
            };
        }

        public Func<int> WithAFieldThatLeadsBack()
        {
            _kept = new object[] { this };
            return () =>
            {
                return _first + ((Service)((object[])_kept)[0])._second;
            };
        }

        public Func<int> WithADelegateInAField()
        {
            _handler = AnotherField();
            return () =>
            {
                return _first + _handler();
            };
        }

        public Func<int> WithAComparer()
        {
            var set = new HashSet<int>(new By(this)) { 1 };
            return () =>
            {
                return _first + set.Count(item => set.Contains(item));
            };
        }

        public Func<int> Combined()
        {
            Func<int> both = () =>
            {
                return _first;
            };
            both += () =>
            {
                return _second;
            };
            return both;
        }

        private sealed class By(Service service) : IEqualityComparer<int>
        {
            public bool Equals(int x, int y) => x * service._second == y * service._second;

            public int GetHashCode(int obj) => obj * service._second;
        }
    }

    private sealed class Finalized
    {
        private readonly int _first = 1;

        ~Finalized() => GC.KeepAlive(_first);

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }

    private sealed class Called
    {
        private int _first = 1;

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };

        [OnDeserialized]
        private void Rebuild(StreamingContext context) => _first++;
    }

    [DataContract]
    private sealed class Contracted
    {
        private readonly int _first = 1;

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }

    private sealed class Based : MarshalByRefObject
    {
        private readonly int _first = 1;

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    private sealed class Laid
    {
        private readonly int _first = 1;

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }

    private sealed class Known
    {
        public static readonly Known One = new();

        private readonly int _first = 1;
        private readonly int _second = 2;

        public string Arrived => (_first, _second) == (1, 0) ? "first" : "all";

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }

    private class Half<T>(T first, T third)
    {
        public T Third { get; } = third;

        protected T First() => first;
    }

    private sealed class Pair<T, U>(T first, U second) : Half<T>(first, first)
    {
        public int Fourth { get; } = 4;

        public Func<string> Body() =>
            () =>
            {
                return $"{First()}:{second}";
            };
    }

    private sealed record Point(int X, int Y)
    {
        public Func<int> One() =>
            () =>
            {
                return X;
            };

        public Func<int> Copy() =>
            () =>
            {
                return (this with { X = 5 }).Y;
            };

        public Func<bool> Same() =>
            () =>
            {
                return this == new Point(1, 2);
            };
    }

    private sealed unsafe class Unsendable
    {
        private readonly int* _pointer = (int*)8;
        private readonly int _first = 4;

        public int* Pointer => _pointer;

        public Func<int> Body() =>
            () =>
            {
                return _first;
            };
    }
}
