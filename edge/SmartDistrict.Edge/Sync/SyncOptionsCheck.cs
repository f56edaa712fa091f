using Microsoft.Extensions.Options;

namespace SmartDistrict.Edge.Sync;

/// <summary>Says at the start, setting by setting, what is wrong with <see cref="SyncOptions"/> and how to mend it.</summary>
public sealed class SyncOptionsCheck : IValidateOptions<SyncOptions>
{
    public ValidateOptionsResult Validate(string? name, SyncOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Each problem as one sentence with the setting's full name.</summary>
    public static IEnumerable<string> Problems(SyncOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return $"Sync:Url is '{options.Url}': give the store's root as http://HOST:PORT or https://HOST:PORT";
        else
        {
            if (url.UserInfo != "")
                yield return "Sync:Url holds credentials, which would end up in logs: remove them and use Sync:User with Sync:PasswordFile, or Sync:TokenFile";
            if (url.Query != "" || url.Fragment != "")
                yield return "Sync:Url has a query or fragment: give the root only; database, org and bucket are settings of their own";
        }
        foreach (var problem in options.Api == SyncApi.V1 ? V1(options) : V2(options))
            yield return problem;
        if (options.BatchLines is < 1 or > 50_000)
            yield return $"Sync:BatchLines is {options.BatchLines}: 1 to 50000";
        if (options.Connections is < 1 or > 8)
            yield return $"Sync:Connections is {options.Connections}: 1 to 8";
        if (options.MaxRows < 1_000)
            yield return $"Sync:MaxRows is {options.MaxRows}: at least 1000";
        if (options.MaxBytes < 1 << 20)
            yield return $"Sync:MaxBytes is {options.MaxBytes}: at least 1048576";
        foreach (var (setting, value, least, most) in ((string, TimeSpan, TimeSpan, TimeSpan)[])[
            ("RequestTimeout", options.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            ("ServerTimeout", options.ServerTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ("FirstPause", options.FirstPause, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            ("MaxPause", options.MaxPause, options.FirstPause, TimeSpan.FromHours(1)),
            ("DrainTimeout", options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5))])
            if (value < least || value > most)
                yield return $"Sync:{setting} is {value}: {least} to {most}";
    }

    private static IEnumerable<string> V1(SyncOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Database))
            yield return "Sync:Database is missing: with Sync:Api V1 name the database to write to";
        if (options.TokenFile is not null || options.Org is not null || options.Bucket is not null)
            yield return "Sync:TokenFile, Sync:Org and Sync:Bucket belong to Sync:Api V2: remove them, or set Sync:Api to V2";
        if (options.User is null != options.PasswordFile is null)
            yield return "Sync:User and Sync:PasswordFile go together: give both, or neither where the store has no authentication";
        if (options.User?.Contains(':', StringComparison.Ordinal) == true)
            yield return "Sync:User holds a colon, which Basic authentication cannot carry";
        if (FileProblem("PasswordFile", options.PasswordFile) is { } problem)
            yield return problem;
    }

    private static IEnumerable<string> V2(SyncOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Org) || string.IsNullOrWhiteSpace(options.Bucket))
            yield return "Sync:Org and Sync:Bucket are needed with Sync:Api V2: name the organisation and the bucket to write to";
        if (options.Database is not null || options.RetentionPolicy is not null || options.User is not null || options.PasswordFile is not null)
            yield return "Sync:Database, Sync:RetentionPolicy, Sync:User and Sync:PasswordFile belong to Sync:Api V1: remove them, or set Sync:Api to V1";
        if (FileProblem("TokenFile", options.TokenFile) is { } problem)
            yield return problem;
    }

    private static string? FileProblem(string setting, string? path) =>
        path is null ? null
        : !File.Exists(path) ? $"Sync:{setting} names {path}, which does not exist: write the secret, and nothing else, into that file"
        : SecretFile.TryRead(path, out _, out var problem) ? null
        : $"Sync:{setting}: {problem}";
}
