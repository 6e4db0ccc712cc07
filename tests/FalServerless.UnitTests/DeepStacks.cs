namespace FalServerless.UnitTests;

/// <summary>
/// Tests whose stacks are hundreds of thousands of frames deep: each garbage collection walks them, and beside tests that allocate
/// there are so many that everything stands still for minutes.
/// </summary>
[CollectionDefinition(nameof(DeepStacks), DisableParallelization = true)]
public sealed class DeepStacks;
