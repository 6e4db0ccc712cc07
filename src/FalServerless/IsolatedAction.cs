using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>A function that runs in a worker and returns nothing; made by <see cref="Isolated"/>.</summary>
public sealed partial class IsolatedAction : IIsolatedFunction
{
    private readonly FunctionCall _call;

    internal IsolatedAction(CapturedFunction function, IsolatedOptions options) => _call = new(function, options);

    /// <summary>Runs the function in a worker and waits for it.</summary>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    public void Invoke() => InvokeAsync().GetAwaiter().GetResult();

    /// <summary>Runs the function in a worker.</summary>
    /// <param name="cancellationToken">Cancels the call, without waiting for it: it is taken out of the queue, or its body is notified by
    /// <see cref="IsolatedContext.CancellationToken"/>.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InvokeAsync(CancellationToken cancellationToken = default) => _call.RunAsync([], cancellationToken);

    /// <summary>
    /// Submits a detached call; returns once the host has persisted it. From then on the call does not depend on this program. Its log
    /// lines are stored with it (<see cref="Invocation.GetLogsAsync"/>) and do not go to <see cref="IsolatedOptions.OnLog"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the submission; once it is done, <see cref="Invocation.CancelAsync"/> cancels the
    /// call.</param>
    /// <returns>The call, to wait for its result or to find it again by its id.</returns>
    /// <exception cref="CaptureException">A captured variable or an input cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host cannot be reached, or does not accept the call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Invocation> SubmitAsync(CancellationToken cancellationToken = default) =>
        new(await _call.SubmitAsync([], typeof(void), cancellationToken).ConfigureAwait(false));
}

/// <summary>A function of one input that runs in a worker and returns nothing; made by <see cref="Isolated"/>.</summary>
/// <typeparam name="T">The type of the only input.</typeparam>
public sealed partial class IsolatedAction<T> : IIsolatedFunction
{
    private readonly FunctionCall _call;

    internal IsolatedAction(CapturedFunction function, IsolatedOptions options) => _call = new(function, options);

    /// <summary>Runs the function in a worker and waits for it.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    public void Invoke(T input) => InvokeAsync(input).GetAwaiter().GetResult();

    /// <summary>Runs the function in a worker.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Cancels the call, without waiting for it: it is taken out of the queue, or its body is notified by
    /// <see cref="IsolatedContext.CancellationToken"/>.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InvokeAsync(T input, CancellationToken cancellationToken = default) => _call.RunAsync([input], cancellationToken);

    /// <summary>
    /// Submits a detached call; returns once the host has persisted it. From then on the call does not depend on this program. Its log
    /// lines are stored with it (<see cref="Invocation.GetLogsAsync"/>) and do not go to <see cref="IsolatedOptions.OnLog"/>.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Cancels the submission; once it is done, <see cref="Invocation.CancelAsync"/> cancels the
    /// call.</param>
    /// <returns>The call, to wait for its result or to find it again by its id.</returns>
    /// <exception cref="CaptureException">A captured variable or an input cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host cannot be reached, or does not accept the call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Invocation> SubmitAsync(T input, CancellationToken cancellationToken = default) =>
        new(await _call.SubmitAsync([input], typeof(void), cancellationToken).ConfigureAwait(false));
}

/// <summary>A function of two inputs that runs in a worker and returns nothing; made by <see cref="Isolated"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
public sealed partial class IsolatedAction<T1, T2> : IIsolatedFunction
{
    private readonly FunctionCall _call;

    internal IsolatedAction(CapturedFunction function, IsolatedOptions options) => _call = new(function, options);

    /// <summary>Runs the function in a worker and waits for it.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    public void Invoke(T1 input1, T2 input2) => InvokeAsync(input1, input2).GetAwaiter().GetResult();

    /// <summary>Runs the function in a worker.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="cancellationToken">Cancels the call, without waiting for it: it is taken out of the queue, or its body is notified by
    /// <see cref="IsolatedContext.CancellationToken"/>.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InvokeAsync(T1 input1, T2 input2, CancellationToken cancellationToken = default) =>
        _call.RunAsync([input1, input2], cancellationToken);

    /// <summary>
    /// Submits a detached call; returns once the host has persisted it. From then on the call does not depend on this program. Its log
    /// lines are stored with it (<see cref="Invocation.GetLogsAsync"/>) and do not go to <see cref="IsolatedOptions.OnLog"/>.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="cancellationToken">Cancels the submission; once it is done, <see cref="Invocation.CancelAsync"/> cancels the
    /// call.</param>
    /// <returns>The call, to wait for its result or to find it again by its id.</returns>
    /// <exception cref="CaptureException">A captured variable or an input cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host cannot be reached, or does not accept the call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Invocation> SubmitAsync(T1 input1, T2 input2, CancellationToken cancellationToken = default) =>
        new(await _call.SubmitAsync([input1, input2], typeof(void), cancellationToken).ConfigureAwait(false));
}

/// <summary>A function of three inputs that runs in a worker and returns nothing; made by <see cref="Isolated"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
/// <typeparam name="T3">The type of the third input.</typeparam>
public sealed partial class IsolatedAction<T1, T2, T3> : IIsolatedFunction
{
    private readonly FunctionCall _call;

    internal IsolatedAction(CapturedFunction function, IsolatedOptions options) => _call = new(function, options);

    /// <summary>Runs the function in a worker and waits for it.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    public void Invoke(T1 input1, T2 input2, T3 input3) => InvokeAsync(input1, input2, input3).GetAwaiter().GetResult();

    /// <summary>Runs the function in a worker.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="cancellationToken">Cancels the call, without waiting for it: it is taken out of the queue, or its body is notified by
    /// <see cref="IsolatedContext.CancellationToken"/>.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InvokeAsync(T1 input1, T2 input2, T3 input3, CancellationToken cancellationToken = default) =>
        _call.RunAsync([input1, input2, input3], cancellationToken);

    /// <summary>
    /// Submits a detached call; returns once the host has persisted it. From then on the call does not depend on this program. Its log
    /// lines are stored with it (<see cref="Invocation.GetLogsAsync"/>) and do not go to <see cref="IsolatedOptions.OnLog"/>.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="cancellationToken">Cancels the submission; once it is done, <see cref="Invocation.CancelAsync"/> cancels the
    /// call.</param>
    /// <returns>The call, to wait for its result or to find it again by its id.</returns>
    /// <exception cref="CaptureException">A captured variable or an input cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host cannot be reached, or does not accept the call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Invocation> SubmitAsync(T1 input1, T2 input2, T3 input3, CancellationToken cancellationToken = default) =>
        new(await _call.SubmitAsync([input1, input2, input3], typeof(void), cancellationToken).ConfigureAwait(false));
}

/// <summary>A function of four inputs that runs in a worker and returns nothing; made by <see cref="Isolated"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
/// <typeparam name="T3">The type of the third input.</typeparam>
/// <typeparam name="T4">The type of the fourth input.</typeparam>
public sealed partial class IsolatedAction<T1, T2, T3, T4> : IIsolatedFunction
{
    private readonly FunctionCall _call;

    internal IsolatedAction(CapturedFunction function, IsolatedOptions options) => _call = new(function, options);

    /// <summary>Runs the function in a worker and waits for it.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="input4">The fourth input.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    public void Invoke(T1 input1, T2 input2, T3 input3, T4 input4) => InvokeAsync(input1, input2, input3, input4).GetAwaiter().GetResult();

    /// <summary>Runs the function in a worker.</summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="input4">The fourth input.</param>
    /// <param name="cancellationToken">Cancels the call, without waiting for it: it is taken out of the queue, or its body is notified by
    /// <see cref="IsolatedContext.CancellationToken"/>.</param>
    /// <exception cref="CaptureException">A captured variable, an input or the result cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host or the worker could not run the call to its end. What the body throws arrives as
    /// it was thrown.</exception>
    /// <exception cref="TimeoutException">The call took longer than its <see cref="IsolatedOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InvokeAsync(T1 input1, T2 input2, T3 input3, T4 input4, CancellationToken cancellationToken = default) =>
        _call.RunAsync([input1, input2, input3, input4], cancellationToken);

    /// <summary>
    /// Submits a detached call; returns once the host has persisted it. From then on the call does not depend on this program. Its log
    /// lines are stored with it (<see cref="Invocation.GetLogsAsync"/>) and do not go to <see cref="IsolatedOptions.OnLog"/>.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="input4">The fourth input.</param>
    /// <param name="cancellationToken">Cancels the submission; once it is done, <see cref="Invocation.CancelAsync"/> cancels the
    /// call.</param>
    /// <returns>The call, to wait for its result or to find it again by its id.</returns>
    /// <exception cref="CaptureException">A captured variable or an input cannot be sent.</exception>
    /// <exception cref="FalServerlessException">The host cannot be reached, or does not accept the call.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Invocation> SubmitAsync(T1 input1, T2 input2, T3 input3, T4 input4, CancellationToken cancellationToken = default) =>
        new(await _call.SubmitAsync([input1, input2, input3, input4], typeof(void), cancellationToken).ConfigureAwait(false));
}
