namespace SmartDistrict.Cloud;

/// <summary>Something that makes a start impossible; the message says what and how to mend it.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
