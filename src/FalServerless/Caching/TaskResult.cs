namespace FalServerless.Caching;

/// <summary>What a task of any type has given.</summary>
internal static class TaskResult
{
    /// <param name="task">One that has succeeded.</param>
    /// <returns>Null for a task without a result.</returns>
    public static object? Of(Task task) => task.GetType().GetProperty("Result")?.GetValue(task);
}
