using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud;

/// <summary>Reads and checks the settings; what is wrong ends the start with a message that names the setting.</summary>
internal static partial class Settings
{
    public static void AddSettings(this IServiceCollection services, IConfiguration configuration) => services
        .AddOptions<CloudOptions>()
        .Bind(configuration.GetSection(CloudOptions.Section))
        .ValidateDataAnnotations()
        .ValidateOnStart();

    /// <summary>The settings that decide what the service is made of, before there is a container to ask.</summary>
    public static CloudOptions Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(CloudOptions.Section).Get<CloudOptions>() ?? new();
        }
        catch (InvalidOperationException e)
        {
            throw new StartException($"{e.Message} {e.InnerException?.Message}".TrimEnd(), e);
        }
    }

    /// <summary>Loads the district and checks the settings that speak of it.</summary>
    public static District LoadDistrict(CloudOptions options)
    {
        if (!File.Exists(options.District))
            throw new StartException($"Cloud:District names {options.District}, and there is no such file");
        var district = DistrictFile.Load(options.District);
        if (district.OccupancyReset.Minute % 15 != 0 || district.OccupancyReset.Second != 0)
            throw new StartException($"{options.District}: occupancy_reset is {district.OccupancyReset:HH:mm}: give a quarter hour (04:00, 04:15 …), because days are sums of 15-minute windows");
        CheckGateways(options, district);
        CheckApiTokens(options);
        return district;
    }

    /// <summary>Makes the data folder and proves that it can be written.</summary>
    public static void PrepareData(CloudOptions options)
    {
        try
        {
            CreatePrivate(options.Data);
            CreatePrivate(options.Keys);
            var probe = Path.Combine(options.Data, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Cloud:Data names {options.Data}, which this process cannot write ({e.Message}): give a folder that it owns, on a disk with free space", e);
        }
    }

    /// <summary>A folder that only this process's user may look into; one that is there already stays as it is.</summary>
    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void CheckGateways(CloudOptions options, District district)
    {
        foreach (var gateway in options.Gateways)
        {
            if (district.Gateways.All(known => known.Id != gateway.Id))
                throw new StartException($"Cloud:Gateways names {gateway.Id}, which {options.District} does not: it knows {string.Join(", ", district.Gateways.Select(g => g.Id))}");
            if (!Sha256().IsMatch(gateway.TokenSha256))
                throw new StartException($"Cloud:Gateways: TokenSha256 of {gateway.Id} is not 64 hexadecimal digits: make it with printf %s TOKEN | sha256sum");
        }
        if (options.Gateways.GroupBy(g => g.TokenSha256, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } shared)
            throw new StartException($"Cloud:Gateways: {string.Join(" and ", shared.Select(g => g.Id))} have the same token: give each gateway its own");
    }

    private static void CheckApiTokens(CloudOptions options)
    {
        foreach (var token in options.ApiTokens)
            if (token.Name.Length == 0 || !Sha256().IsMatch(token.TokenSha256))
                throw new StartException($"Cloud:ApiTokens: the token '{token.Name}' needs a Name, and a TokenSha256 of 64 hexadecimal digits: make it with printf %s TOKEN | sha256sum");
        if (options.ApiTokens.Select(t => t.TokenSha256).Concat(options.Gateways.Select(g => g.TokenSha256))
            .GroupBy(hash => hash, StringComparer.OrdinalIgnoreCase).Any(same => same.Count() > 1))
            throw new StartException("Cloud:ApiTokens: two tokens are the same, or one is a gateway's: give each program its own");
    }

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256();
}
