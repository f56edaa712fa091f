using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// The code by which whoever installed this service becomes its first administrator. Made at a start at which nobody is
/// an administrator (or <c>Cloud:SetUpAgain</c> is set), kept in a file that only this process's user may read, gone
/// once it was used. There is no default password.
/// </summary>
internal sealed partial class SetUpCode
{
    private readonly string path;
    private string? hash;

    public SetUpCode(IOptions<CloudOptions> options, StateFile state, ILogger<SetUpCode> log)
    {
        path = options.Value.SetUpCodePath;
        try
        {
            if (!options.Value.SetUpAgain && state.Read(People.AnyAdministrator))
            {
                File.Delete(path);
                return;
            }
            if (!File.Exists(path))
                Create(path);
            var code = File.ReadAllText(path).Trim();
            hash = Secret.Hash(code);
            LogWaiting(log, code, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The set-up code in {path} cannot be made or read ({e.Message}): let this process own its data folder", e);
        }
    }

    /// <summary>Whether the first administrator is yet to come.</summary>
    public bool Waits => Volatile.Read(ref hash) is not null;

    public bool Matches(string code) => Secret.Hash(code) == Volatile.Read(ref hash);

    /// <summary>Takes it, once: of two who come at the same time, one gets it. Should their change fail, the next start offers it again.</summary>
    public bool Take(string code) => Volatile.Read(ref hash) is { } known && Secret.Hash(code) == known && Interlocked.CompareExchange(ref hash, null, known) == known;

    /// <summary>From now on it opens nothing, after a start neither.</summary>
    public void Spend() => File.Delete(path);

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(Secret.Code());
    }

    [LoggerMessage(LogLevel.Warning, "No administrator yet: open /set-up in the console and give the set-up code {Code} (kept in {Path} until it is used)")]
    private static partial void LogWaiting(ILogger log, string code, string path);
}
