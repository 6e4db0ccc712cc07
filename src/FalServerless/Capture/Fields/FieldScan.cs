using System.Reflection;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <summary>
/// Finds the fields that code uses of one object: it begins with a method that is given the object, and continues with those that the
/// method gives it to. Where the object gets to code that is not known, it may use all of them.
/// </summary>
internal sealed class FieldScan
{
    // Far more than one body has; with more, the object is sent whole.
    private const int MostMethods = 2000;

    private readonly HashSet<(Module, int)> _fields = [];
    private readonly HashSet<(MethodBase Method, string Arguments)> _seen = [];
    private readonly Queue<(MethodBase Method, Taint[] Arguments)> _pending = new();

    private FieldScan(Type type) => Type = type;

    /// <summary>The class of the object, which tells what its virtual methods run.</summary>
    public Type Type { get; }

    /// <param name="type">The class of the object.</param>
    /// <param name="method">The method that begins.</param>
    /// <param name="target">What its first argument is: the object, or a closure that holds it.</param>
    public static FieldUsage Run(Type type, MethodInfo method, Taint target)
    {
        var scan = new FieldScan(type);
        MethodBase current = method;
        try
        {
            if (PartialTypes.WholeBecause(type) is { } reason)
            {
                return FieldUsage.Whole(reason);
            }

            scan.Enter(method, [target]);
            while (scan._pending.TryDequeue(out var next))
            {
                current = next.Method;
                MethodScan.Run(scan, next.Method, next.Arguments);
            }

            var modules = Levels(type).Select(level => level.Module).Concat(scan._seen.Select(seen => seen.Method.Module));
            return new(new(scan._fields), null)
            {
                OtherAssembly = modules.FirstOrDefault(module => module != method.Module)?.Assembly.GetName().Name,
            };
        }
        catch (EscapeException e)
        {
            return FieldUsage.Whole($"{CodeName.Of(current)} {e.Message}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A type of a package that is not here, a method that no reflection finds: what cannot be read is not known.
            return FieldUsage.Whole($"the code of {CodeName.Of(current)} cannot be read");
        }
    }

    public void Use((Module, int) field) => _fields.Add(field);

    /// <summary>Has a method followed, which is given what leads to the object.</summary>
    /// <exception cref="EscapeException">It is not known what it runs.</exception>
    public void Enter(MethodBase method, Taint[] arguments)
    {
        // An async method that the runtime itself suspends keeps its variables where no instruction tells.
        var isSuspended = (method.MethodImplementationFlags & MethodImplAttributes.Async) != 0;
        if (
            isSuspended
            || method is not MethodInfo info
            || !MethodPortability.HasFileOfItsOwn(info)
            || MethodPortability.Refuse(info) is not null
        )
        {
            throw new EscapeException($"calls {CodeName.Of(method)}, whose code cannot be read");
        }

        if (_seen.Add((method, string.Join(',', arguments))))
        {
            _pending.Enqueue((method, arguments));
        }

        if (_seen.Count > MostMethods)
        {
            throw new EscapeException("calls too many methods");
        }
    }

    private static IEnumerable<Type> Levels(Type type)
    {
        for (var level = type; level != typeof(object); level = level.BaseType!)
        {
            yield return level;
        }
    }
}
