using FalServerless.Testing;

namespace FalServerless.UnitTests.Capture;

/// <summary>What belongs to calls and hosts themselves is refused by its own name, in blocks, expressions and inputs.</summary>
public class RefusedFunctionsTests
{
    public static TheoryData<string> Names => [.. Cases().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatCallsAreMadeOfIsRefusedInItsOwnWords(string name)
    {
        var (body, words) = Cases()[name];

        var message = Assert
            .Throws<CaptureException>(() =>
            {
                body();
            })
            .Message;

        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Lazy", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, (Func<object?> Body, string Words)> Cases()
    {
        const string CallHere =
            "a function is called from the process that made it. Call it here and pass its result, or make it inside the body.";
        var twice = Isolated.Create((int x) => x * 2);
        var greet = Isolated.FromDelegate(() =>
        {
            Console.WriteLine("hello");
        });
        FalHost host = FalHost.Local;
        Invocation? run = null;
        Invocation<int>? result = null;
        LocalHostFixture? fixture = null;
        var credentials = new CloudKeyCredentials("id", "secret");
        var functions = new List<IsolatedFunction<int, int>> { twice };
        object hidden = twice;
        return new()
        {
            ["a block calls a function"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return twice.Invoke(21);
                    }),
                "'twice'"
            ),
            ["an expression calls a function"] = (() => Isolated.Create(() => twice.Invoke(21)), CallHere),
            ["an action"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        greet.Invoke();
                    }),
                CallHere
            ),
            ["a list of functions"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return functions.Count;
                    }),
                CallHere
            ),
            ["a function in an object"] = (
                () =>
                    Isolated
                        .FromDelegate(() =>
                        {
                            return hidden.ToString();
                        })
                        .Invoke(),
                CallHere
            ),
            ["a host"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return host.ToString();
                    }),
                "a host is reached from this process"
            ),
            ["an invocation"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return run!.Id;
                    }),
                "Wait for its result here and pass that."
            ),
            ["an invocation with a result"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return result!.Id;
                    }),
                "Wait for its result here and pass that."
            ),
            ["credentials"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return credentials.GetHashCode();
                    }),
                "credentials are never sent."
            ),
            ["a fixture"] = (
                () =>
                    Isolated.FromDelegate(() =>
                    {
                        return fixture!.DataPath;
                    }),
                "Use it here, as the function's Host, and pass what the body needs as data."
            ),
            ["an input"] = (() => Isolated.Create((IsolatedFunction<int> f) => f.Invoke()), CallHere),
        };
    }
}
