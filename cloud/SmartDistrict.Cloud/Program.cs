using SmartDistrict.Cloud;

return await CloudHost.RunAsync(args);

/// <summary>The entry point; public for the tests' in-process host.</summary>
public sealed partial class Program;
