namespace FalServerless.UnitTests;

/// <summary>Tests that measure what the process allocates: beside others they would measure these too.</summary>
[CollectionDefinition(nameof(AllocationMeasurements), DisableParallelization = true)]
public sealed class AllocationMeasurements;
