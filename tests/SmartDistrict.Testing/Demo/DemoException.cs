namespace SmartDistrict.Testing.Demo;

/// <summary>The demo cannot go on; the message says why and what to do.</summary>
public sealed class DemoException(string message) : Exception(message);
