using FalServerless;

// A small stack machine, all loop and switch, interpreted in workers: FromDelegate takes a block of any statements, not only an expression.
// The program counts how many steps of the Collatz sequence lead from a number to 1.
Instruction[] collatz =
[
    new(Op.Push, 0), //  0: steps
    new(Op.Load, 0), //  1: steps n
    new(Op.JumpIfOne, 14), //  2: until n is 1
    new(Op.Load, 0),
    new(Op.JumpIfEven, 9),
    new(Op.Load, 0), //  5: n = 3n + 1
    new(Op.TripleAddOne),
    new(Op.Store, 0),
    new(Op.Jump, 12),
    new(Op.Load, 0), //  9: n = n / 2
    new(Op.Halve),
    new(Op.Store, 0),
    new(Op.Increment), // 12: steps + 1
    new(Op.Jump, 1),
    new(Op.Return), // 14: steps
];

var longest = Isolated.FromDelegate(
    (int from, int to) =>
    {
        var (best, bestSteps) = (0, -1L);
        for (var start = from; start < to; start++)
        {
            var stack = new Stack<long>();
            var n = (long)start;
            var at = 0;
            while (collatz[at].Op != Op.Return)
            {
                var (op, argument) = collatz[at++];
                switch (op)
                {
                    case Op.Push:
                        stack.Push(argument);
                        break;
                    case Op.Load:
                        stack.Push(n);
                        break;
                    case Op.Store:
                        n = stack.Pop();
                        break;
                    case Op.Halve:
                        stack.Push(stack.Pop() / 2);
                        break;
                    case Op.TripleAddOne:
                        stack.Push(checked((stack.Pop() * 3) + 1));
                        break;
                    case Op.Increment:
                        stack.Push(stack.Pop() + 1);
                        break;
                    case Op.Jump:
                    case Op.JumpIfOne when stack.Pop() == 1:
                    case Op.JumpIfEven when stack.Pop() % 2 == 0:
                        at = argument;
                        break;
                    case Op.JumpIfOne or Op.JumpIfEven:
                        break;
                    default:
                        throw new InvalidOperationException($"The machine has no instruction {op}.");
                }
            }

            if (stack.Peek() > bestSteps)
            {
                (best, bestSteps) = (start, stack.Peek());
            }
        }

        return (Number: best, Steps: bestSteps, Environment.ProcessId);
    },
    new() { MachineType = "S" }
);

// Four ranges at once, each in the next free worker.
const int Size = 15_000;
var ranges = Enumerable.Range(0, 4).Select(range => longest.InvokeAsync(1 + (range * Size), 1 + ((range + 1) * Size)));
var found = await Task.WhenAll(ranges);
foreach (var (number, steps, process) in found)
{
    Console.WriteLine($"{number} takes {steps} steps to 1, the most of its range (process {process})");
}

var (winner, most, _) = found.MaxBy(range => range.Steps);
Console.WriteLine($"Of all below {(4 * Size) + 1}, {winner} takes the most: {most}");

internal enum Op
{
    Push,
    Load,
    Store,
    Halve,
    TripleAddOne,
    Increment,
    Jump,
    JumpIfOne,
    JumpIfEven,
    Return,
}

internal readonly record struct Instruction(Op Op, int Argument = 0);
