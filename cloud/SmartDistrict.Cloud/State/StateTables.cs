namespace SmartDistrict.Cloud.State;

/// <summary>
/// The tables that one subject keeps in the state file. Register one per subject:
/// <c>services.AddStateTables("alarms", script1, script2)</c>.
/// </summary>
/// <param name="Subject">Stable name of the subject; its scripts are counted under it.</param>
/// <param name="Scripts">SQL; script i brings the subject's tables from form i to form i + 1. A script that was released never changes.</param>
internal sealed record StateTables(string Subject, IReadOnlyList<string> Scripts);

internal static class StateSlice
{
    public static IServiceCollection AddState(this IServiceCollection services) => services.AddSingleton<StateFile>();

    /// <summary>Adds a subject's tables to the state file.</summary>
    public static IServiceCollection AddStateTables(this IServiceCollection services, string subject, params string[] scripts) =>
        services.AddSingleton(new StateTables(subject, scripts));
}
