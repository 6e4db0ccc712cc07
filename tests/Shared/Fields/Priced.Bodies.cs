using System.Globalization;
using System.Linq.Expressions;

namespace FalServerless.Tests.Shared.Fields;

internal sealed partial class Priced
{
    public const string All = "rate other items auto given hidden shared";

    /// <summary>Bodies that keep the object to code that is known, with the fields that they use.</summary>
    public IEnumerable<(string Name, Delegate Body, string Fields)> Followed()
    {
        var local = 2;
        yield return (
            "a field",
            () =>
            {
                return _rate;
            },
            "rate"
        );
        yield return (
            "a field and a local",
            () =>
            {
                return _rate * local;
            },
            "rate"
        );
        yield return (
            "a method",
            () =>
            {
                return Compute(2);
            },
            "other"
        );
        yield return (
            "recursion",
            () =>
            {
                return Recurse(3);
            },
            "rate"
        );
        yield return (
            "a generic method",
            () =>
            {
                return Generic("x");
            },
            "rate"
        );
        yield return (
            "a property",
            () =>
            {
                return Auto;
            },
            "auto"
        );
        yield return (
            "a parameter of the primary constructor",
            () =>
            {
                return given;
            },
            "given"
        );
        yield return (
            "a private field of the base class",
            () =>
            {
                return Hidden();
            },
            "hidden"
        );
        yield return (
            "a field of the base class",
            () =>
            {
                return Shared;
            },
            "shared"
        );
        yield return (
            "a virtual method and its base",
            () =>
            {
                return Fee();
            },
            "other hidden shared"
        );
        yield return (
            "a virtual method without its base",
            () =>
            {
                return Twice() + local;
            },
            "rate"
        );
        yield return (
            "a method of the base class by name",
            () =>
            {
                return base.Twice();
            },
            "shared"
        );
        yield return (
            "a virtual property",
            () =>
            {
                return Above;
            },
            "rate"
        );
        yield return (
            "a virtual method of object",
            () =>
            {
                return ToString();
            },
            "rate"
        );
        yield return ("a method group", Bound(), "rate");
        yield return ("a method group of a virtual method", new Func<int>(Fee), "other hidden shared");
        yield return (
            "a method that another hides",
            () =>
            {
                return ByBase();
            },
            "hidden shared"
        );
        yield return (
            "a method that hides another",
            () =>
            {
                return Slot();
            },
            "other"
        );
        yield return ("nested scopes", Nested(), "rate other");
        yield return ("nested scopes of a generic method", NestedOf("x"), "rate");
        yield return ("an async lambda in nested scopes", NestedAsync(), "rate other auto");
        yield return (
            "a field of another object of the class",
            () =>
            {
                return new Priced(1)._other + _rate;
            },
            "rate"
        );
        yield return (
            "a method that gets the object in one place or another",
            () =>
            {
                return Two(this, new(1)) + Two(new(1), this);
            },
            "rate other"
        );
        yield return (
            "a variable that becomes the object",
            () =>
            {
                Priced? last = null;
                var sum = 0;
                for (var i = 0; i < 2; i++)
                {
                    sum += last is null ? 0 : last._other;
                    last = this;
                }
                return sum;
            },
            "other"
        );
        yield return (
            "a value task",
            async () =>
            {
                return await ValueAsync() + local;
            },
            "auto"
        );
        yield return (
            "an async lambda",
            async () =>
            {
                await Task.Yield();
                return _rate + await LaterAsync();
            },
            "rate other"
        );
        yield return (
            "an async lambda with a local",
            async () =>
            {
                await Task.Delay(1);
                return _rate + local;
            },
            "rate"
        );
        yield return (
            "a try",
            () =>
            {
                try
                {
                    return _rate;
                }
                catch (InvalidOperationException) when (Auto > 1)
                {
                    return 0;
                }
                finally
                {
                    _other++;
                }
            },
            "rate other auto"
        );
        yield return (
            "a loop",
            () =>
            {
                var sum = 0;
                for (var i = 0; i < _rate; i++)
                {
                    sum += i > 1 ? Compute(i) : Auto;
                }
                return sum;
            },
            "rate other auto"
        );
        yield return (
            "a switch",
            () =>
            {
                return _rate switch
                {
                    0 => 1,
                    1 => 2,
                    2 => 3,
                    3 => Auto,
                    4 => 5,
                    _ => 0,
                };
            },
            "rate auto"
        );
        yield return (
            "a reference to a field",
            () =>
            {
                return Into(ref _rate) + Interlocked.Increment(ref _other);
            },
            "rate other"
        );
        yield return (
            "a field that is written",
            () =>
            {
                _rate = 4;
                return local;
            },
            "rate"
        );
        yield return (
            "the class alone",
            () =>
            {
                return GetType().Name + _rate;
            },
            "rate"
        );
        yield return (
            "a local that is the object",
            () =>
            {
                var me = this;
                return me._rate + local;
            },
            "rate"
        );
        yield return (
            "a local function",
            () =>
            {
                return Inner() + Auto;
                int Inner() => _other;
            },
            "other auto"
        );
        yield return (
            "a local function with a variable",
            () =>
            {
                var by = _rate;
                return Inner(2);
                int Inner(int x) => x * by * _other;
            },
            "rate other"
        );
        yield return (
            "an async local function",
            async () =>
            {
                var by = _rate;
                return await InnerAsync();
                async Task<int> InnerAsync()
                {
                    await Task.Yield();
                    return by * _other;
                }
            },
            "rate other"
        );
        yield return (
            "a lambda in LINQ",
            () =>
            {
                return _items.Where(item => item < _rate).Sum(item => item * local);
            },
            "rate items"
        );
        yield return (
            "a lambda with a variable in LINQ",
            () =>
            {
                var by = _other;
                return _items.Select(item => item * by * _rate).Sum();
            },
            "rate other items"
        );
        yield return (
            "a lambda in a list",
            () =>
            {
                var sum = 0;
                _items.ForEach(item => sum += item * _rate);
                return sum;
            },
            "rate items"
        );
        yield return (
            "a lambda that runs at once",
            () =>
            {
                Func<int> inner = () =>
                {
                    return _other;
                };
                return inner() + _rate;
            },
            "rate other"
        );
        yield return (
            "a delegate for a method that runs it",
            () =>
            {
                return Only(() =>
                    {
                        return _other;
                    }) + _rate;
            },
            "rate other"
        );
        yield return (
            "work on the pool",
            async () =>
            {
                return await Task.Run(() =>
                {
                    return Compute(_rate);
                });
            },
            "rate other"
        );
        yield return (
            "an argument of a method that is known",
            () =>
            {
                return Peek(this) + _rate;
            },
            "rate other"
        );
        yield return (
            "a lambda in a loop",
            () =>
            {
                var sum = 0;
                foreach (var item in _items)
                {
                    sum += _items.Count(other => other < item + _rate);
                }
                return sum;
            },
            "rate items"
        );
    }

    /// <summary>Bodies by which the object may get to code that is not known: all of it is sent.</summary>
    public IEnumerable<(string Name, Delegate Body)> Escaping()
    {
        var local = 2;
        yield return (
            "a virtual method with a result of a derived type",
            () =>
            {
                return NameByBase();
            }
        );
        yield return (
            "a generic method that calls a method of it",
            () =>
            {
                return Text(this) + _other;
            }
        );
        yield return (
            "an interface of its own",
            () =>
            {
                return ((IShown)this).Show();
            }
        );
        yield return (
            "a captured variable",
            () =>
            {
                var me = this;
                Func<int> inner = () =>
                {
                    return me._other;
                };
                return inner();
            }
        );
        yield return (
            "an argument of a method of an unknown class",
            () =>
            {
                var one = local > 1 ? new Other() : (PricedBase)this;
                return one.Use(this);
            }
        );
        yield return (
            "an awaiter",
            async () =>
            {
                await new Pause();
                return _rate;
            }
        );
        yield return (
            "an argument of a constructor",
            () =>
            {
                return new Shown(this).ToString("", null);
            }
        );
        yield return (
            "an event's sender",
            () =>
            {
                EventHandler handler = (sender, _) => _kept = sender;
                handler(this, EventArgs.Empty);
                return ((Priced)_kept!)._other;
            }
        );
        yield return (
            "an output",
            () =>
            {
                Give(out var me);
                return me._other;
            }
        );
        yield return (
            "thrown",
            () =>
            {
                try
                {
                    throw new Found(this);
                }
                catch (Found found)
                {
                    return found.Priced._other;
                }
            }
        );
        yield return (
            "a method group that is virtual",
            () =>
            {
                Func<int> inner = Fee;
                return inner() + _rate;
            }
        );
        yield return (
            "a lambda that is returned",
            () =>
            {
                return Target(Deferred());
            }
        );
        yield return (
            "kept by a thread",
            () =>
            {
                var slot = new ThreadLocal<Priced> { Value = this };
                return slot.Value._other;
            }
        );
        yield return (
            "returned",
            () =>
            {
                return ((Priced)Me()).Auto + _rate;
            }
        );
        yield return (
            "in a static field",
            () =>
            {
                _kept = this;
                return ((Priced)_kept)._other + _rate;
            }
        );
        yield return (
            "in a field of its own",
            () =>
            {
                _self = this;
                return ((Priced)_self)._other;
            }
        );
        yield return (
            "in an array",
            () =>
            {
                object[] all = [this];
                return ((Priced)all[0])._other;
            }
        );
        yield return (
            "in a list",
            () =>
            {
                var all = new List<Priced> { this };
                return all[0]._other;
            }
        );
        yield return (
            "in a tuple",
            () =>
            {
                var pair = (this, 1);
                return pair.Item1._other;
            }
        );
        yield return (
            "in an anonymous object",
            () =>
            {
                var held = new { Me = this };
                return held.Me._other;
            }
        );
        yield return (
            "an argument of the framework",
            () =>
            {
                return string.Format(CultureInfo.InvariantCulture, "{0}", this);
            }
        );
        yield return (
            "a weak reference",
            () =>
            {
                return new WeakReference<Priced>(this).TryGetTarget(out var found) ? found._other : 0;
            }
        );
        yield return (
            "locked",
            () =>
            {
                lock (this)
                {
                    return _rate;
                }
            }
        );
        yield return (
            "copied",
            () =>
            {
                return ((Priced)MemberwiseClone())._other;
            }
        );
        yield return (
            "by reflection",
            () =>
            {
                return typeof(Priced)
                    .GetField("_other", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
                    .GetValue(this);
            }
        );
        yield return (
            "compared",
            () =>
            {
                return Equals(this, new object()) ? 1 : _rate;
            }
        );
        yield return (
            "dynamic",
            () =>
            {
                return ((dynamic)this).Fee();
            }
        );
        yield return (
            "the target of a delegate",
            () =>
            {
                Func<int> inner = () =>
                {
                    return _rate;
                };
                return Target(inner);
            }
        );
        yield return (
            "the target of a delegate for a method",
            () =>
            {
                return Through(() =>
                {
                    return _rate;
                });
            }
        );
        yield return (
            "the target of a method group",
            () =>
            {
                return Target(Hidden);
            }
        );
        yield return (
            "a delegate in an array",
            () =>
            {
                Func<int>[] all =
                [
                    () =>
                    {
                        return _rate;
                    },
                ];
                return Target(all[0]);
            }
        );
        yield return (
            "a delegate in a list",
            () =>
            {
                List<Func<int>> all = [];
                all.Add(() =>
                {
                    return _rate;
                });
                return Target(all[0]);
            }
        );
        yield return (
            "a delegate as an item",
            () =>
            {
                return Target(
                    Enumerable
                        .Repeat<Func<int>>(
                            () =>
                            {
                                return _rate;
                            },
                            1
                        )
                        .First()
                );
            }
        );
        yield return (
            "a delegate in a field",
            () =>
            {
                _handler = () =>
                {
                    return _rate;
                };
                return Target(_handler);
            }
        );
        yield return (
            "a delegate that is combined",
            () =>
            {
                Func<int> inner = () =>
                {
                    return _rate;
                };
                inner += Hidden;
                return Target(inner);
            }
        );
        yield return (
            "a delegate that is ordered by",
            () =>
            {
                return new Spy().ThenBy(item => item * _rate).Count() + local;
            }
        );
        yield return (
            "a comparer made of a delegate",
            () =>
            {
                return Comparer<int>.Create((x, y) => x * _rate - y).Compare(1, 2);
            }
        );
        yield return (
            "a sequence of its own",
            () =>
            {
                return Sequence().Sum();
            }
        );
        yield return (
            "a tree",
            () =>
            {
                Expression<Func<int>> tree = () => _rate;
                return tree.Compile()();
            }
        );
        yield return (
            "a method group that is ambiguous",
            () =>
            {
                return new Lazy<int>(Hidden).Value;
            }
        );
        yield return (
            "a variable by reference",
            () =>
            {
                var me = this;
                return Swap(ref me)._other;
            }
        );
        yield return (
            "an interface",
            () =>
            {
                return ((IFormattable)(object)new Shown(this)).ToString(null, null);
            }
        );
    }

    private Func<int> Nested()
    {
        var outer = 1;
        foreach (var i in new[] { 0 })
        {
            var inner = i + outer;
            foreach (var j in new[] { 0 })
            {
                var innermost = j + inner;
                return () =>
                {
                    return _rate + outer + inner + innermost + Times(innermost);
                };
            }
        }

        return () => 0;

        int Times(int by) => by * _other * outer;
    }

    private Func<string> NestedOf<T>(T value)
    {
        var outer = value;
        foreach (var i in new[] { 0 })
        {
            var inner = (outer, i);
            return () =>
            {
                return $"{outer}{inner}{new[] { value }.Select(item => $"{item}{_rate}").First()}";
            };
        }

        return () => "";
    }

    private Func<Task<int>> NestedAsync()
    {
        var outer = 1;
        foreach (var i in new[] { 0 })
        {
            var inner = i + 2;
            return async () =>
            {
                var sum = 0;
                for (var j = 0; j < 2; j++)
                {
                    var innermost = j;
                    sum += Only(() =>
                    {
                        return _rate + outer + inner + innermost;
                    });
                    await Task.Yield();
                    sum += _other * await ValueAsync();
                }

                return sum;
            };
        }

        return () => Task.FromResult(0);
    }

    private async ValueTask<int> ValueAsync()
    {
        await Task.Yield();
        return Auto;
    }

    private static string Text<T>(T value)
        where T : notnull => value.ToString()!;

    private static int Two(Priced first, Priced second) => first._rate + second._other;

    private void Give(out Priced me) => me = this;

    private Func<int> Deferred() =>
        () =>
        {
            return _rate;
        };

    private static Priced Swap(ref Priced place) => place;

    private Func<int> Bound() => BoundTo;

    private int BoundTo() => _rate;

    private sealed class Found(Priced priced) : Exception
    {
        public Priced Priced => priced;
    }

    private sealed class Other : PricedBase
    {
        public override int Use(Priced priced) => priced._other;
    }

    /// <summary>An awaiter that looks at what it is to continue.</summary>
    private sealed class Pause : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => false;

        public Pause GetAwaiter() => this;

        public void GetResult() { }

        public void OnCompleted(Action continuation) => continuation();
    }

    private sealed class Shown(Priced priced) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => $"{priced._other}";
    }

    /// <summary>A sequence that looks at the delegates it is ordered by.</summary>
    private sealed class Spy : IOrderedEnumerable<int>
    {
        private int _seen;

        public IOrderedEnumerable<int> CreateOrderedEnumerable<TKey>(
            Func<int, TKey> keySelector,
            IComparer<TKey>? comparer,
            bool descending
        )
        {
            _seen = Target(keySelector);
            return this;
        }

        public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, _seen).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
