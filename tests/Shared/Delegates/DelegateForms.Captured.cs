namespace FalServerless.Tests.Shared.Delegates;

internal static partial class DelegateForms
{
    private static IEnumerable<DelegateForm> Closures(string parameter, int times)
    {
        var forms = new List<DelegateForm>();
        var name = "you";
        forms.Add(
            Form(
                "a captured variable",
                () =>
                {
                    return "Hello " + name;
                }
            )
        );
        forms.Add(
            Form(
                "captured parameters",
                () =>
                {
                    return string.Concat(Enumerable.Repeat(parameter, times));
                }
            )
        );
        for (var i = 0; i < 2; i++)
        {
            var square = i * i;
            forms.Add(
                Form(
                    $"loop variable {i}",
                    () =>
                    {
                        return square + name;
                    }
                )
            );
            foreach (var item in new[] { "a", "b" })
            {
                var text = item + i;
                forms.Add(
                    Form(
                        $"scopes nested three deep {i}{item}",
                        () =>
                        {
                            var inner = text + item;
                            return Enumerable.Range(0, times).Select(x => inner + x + square + name + parameter).ToArray();
                        }
                    )
                );
            }
        }

        var count = 5;
        forms.Add(
            Form(
                "a captured variable that the body changes",
                () =>
                {
                    var before = count;
                    count += 2;
                    var after = count;
                    count = 5;
                    return (before, after);
                }
            )
        );
        int? some = 5;
        var when = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc);
        var item2 = new Item("pen", 3);
        var map = new Dictionary<string, List<int>> { ["one"] = [1], ["two"] = [1, 2] };
        var anonymous = new { A = 1, B = "b" };
        object boxed = 5;
        var type = typeof(Item);
        forms.Add(
            Form(
                "captured values of many types",
                () =>
                {
                    return (some, when.AddDays(1), item2, map["two"].Count, anonymous.B, (int)boxed + 1, type.Name);
                }
            )
        );
        forms.Add(
            Form(
                "a lambda that makes an expression tree",
                () =>
                {
                    System.Linq.Expressions.Expression<Func<int, string>> tree = x => name + x + times;
                    return tree.Compile()(3);
                }
            )
        );
        return forms;
    }

    private static IEnumerable<DelegateForm> Captured()
    {
        var (offset, factor) = (10, 3);
        Func<int, int> add = x => x + offset;
        Func<int, int> scale = x => x * factor;
        Func<int, int> composed = x => scale(add(x));
        Func<int, int>? factorial = null;
        factorial = n => n <= 1 ? 1 : n * factorial!(n - 1);
        List<Func<int, int>> list = [add, scale, Math.Abs];
        var map = new Dictionary<string, Delegate> { ["add"] = add, ["sqrt"] = (Func<double, double>)Math.Sqrt };
        var log = new List<string>();
        Action<string> handlers = text => log.Add("1" + text);
        handlers += text => log.Add("2" + text);
        handlers += new Dog("Rex").Hear;
        var shared = 0;
        Func<int> increment = () => ++shared;
        Func<int> read = () => shared;
        var holder = new Holder { Callback = add, Name = "h" };
        Func<object, string> contravariant = value => $"got {value}";
        Func<string, object> narrowed = contravariant;
        Func<int, Func<int, int>> curry = a => b => a + b + offset;
        return
        [
            Form(
                "a captured Func",
                (int a) =>
                {
                    return add(a);
                },
                5
            ),
            Form(
                "a captured Func over another closure",
                (int a) =>
                {
                    return composed(a);
                },
                5
            ),
            Form(
                "recursion through a captured variable",
                (int n) =>
                {
                    return factorial(n);
                },
                6
            ),
            Form("a captured Func as the body", factorial, 5),
            Form(
                "Funcs in a list",
                (int a) =>
                {
                    return list.Aggregate(a, (x, f) => f(x));
                },
                -50
            ),
            Form(
                "delegates in a dictionary",
                () =>
                {
                    return ((Func<int, int>)map["add"])(1) + (double)map["sqrt"].DynamicInvoke(16.0)!;
                }
            ),
            Form(
                "a combined delegate",
                () =>
                {
                    log.Clear();
                    handlers("x");
                    return log.ToArray();
                }
            ),
            Form(
                "two delegates over one variable",
                () =>
                {
                    shared = 40;
                    increment();
                    return (increment(), read(), shared);
                }
            ),
            Form(
                "one delegate twice is one there",
                () =>
                {
                    return ReferenceEquals(list[0], add) && map["add"] == (Delegate)add;
                }
            ),
            Form(
                "a delegate in a field",
                (int a) =>
                {
                    return holder.Callback!(a) + holder.Name;
                },
                1
            ),
            Form(
                "a delegate of another type by variance",
                () =>
                {
                    return narrowed("text");
                }
            ),
            Form(
                "a lambda that gives a lambda",
                () =>
                {
                    return curry(1)(2);
                }
            ),
            Form(
                "a delegate as an input",
                (Func<int, int> given) =>
                {
                    return given(4) + offset;
                },
                add
            ),
            Form(
                "a method group of a captured object",
                () =>
                {
                    return new Func<string>(holder.Describe)();
                }
            ),
        ];
    }
}
