namespace SmartDistrict.Telemetry.Windows;

/// <summary>The wire names of <see cref="WindowStatus"/>, in points and payloads.</summary>
public static class WindowStatuses
{
    private static readonly string[] Names = ["provisional", "complete", "partial", "repaired", "void"];

    public static string Name(this WindowStatus status) => Names[(int)status];

    public static bool TryParse(ReadOnlySpan<char> name, out WindowStatus status)
    {
        for (var i = 0; i < Names.Length; i++)
            if (name.SequenceEqual(Names[i]))
            {
                status = (WindowStatus)i;
                return true;
            }
        status = default;
        return false;
    }
}
