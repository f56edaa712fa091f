namespace SmartDistrict.Edge.Devices;

/// <summary>Why a message is not, or not wholly, understood.</summary>
/// <param name="What">What is wrong and where: the pointer and the offending value, a sentence without its full stop.</param>
/// <param name="Mend">What a technician does about it, a sentence without its full stop.</param>
public readonly record struct PayloadProblem(string What, string Mend);
