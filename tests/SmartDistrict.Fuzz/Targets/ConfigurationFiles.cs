using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SmartDistrict.Configuration;
using SmartDistrict.Edge;
using SmartDistrict.Edge.Checking;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Fuzz.Targets;

/// <summary>
/// What a technician may write: profiles and districts in YAML, the gateway's settings in JSON. A file is sound, and what
/// was read of it can be worked with, or each problem has its place, what is wrong and the mend.
/// </summary>
internal sealed class ConfigurationFiles : FuzzTarget
{
    private static readonly byte[][] YamlFragments =
    [
        .. new[]
        {
            ":", ": ", "- ", "\n- ", "\n  ", "\n", "\t", "#", "'", "\"", "[", "]", "{", "}", "{{", "[[[[", "? ", "|", "|2\n", ">-\n", "&a ", "*a", "!!binary ", "!<tag:x> ", "%YAML 1.1\n", "---\n", "...\n", "~", "null", "true", "0x1F", "0o7",
            "1e999", ".inf", "-.5", "9223372036854775808", "\\u0000", "\"\\xZZ\"", "\"\\ud800\"", "\uFEFF", "\u2028", "\u0085", "\u4e00", "/a/*/b", "/a/[x=y]/b", "~0~1", "{address}", "{channel}", "{device}", "#", "+", "yyyyMMddHHmmss", "iso-8601",
            "unix-s", "received", "Asia/Shanghai", "../../etc/passwd", "outside", "<<: ", "profile: ", "readings:", "each: /lanes/*", "over: period", "back_fill: true", "bits: 64", "id: ", "gpio: {chip: gpiochip0, a: 3, b: ", "debounce_ms: ", "line: ln-01", "lines: {", "exit_lines: {",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3, 0x28],
    ];

    private static readonly byte[][] JsonFragments =
    [
        .. new[]
        {
            "{", "}", "[", "]", ":", ",", "\"", "null", "true", "-1", "0", "1e9", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"25:61:61\"", "\"-00:00:01\"", "\"10675200.00:00:00\"", "//", "/* ", "\"Url\":\"http://\"", "\"Url\":\"file:///etc\"",
            "\"Gateway:Id\":\"x\"", "\"Port\":70000", "\"Api\":\"v3\"", "\"Version\":\"4\"", "\"Journal\":", "\"Logging\":", "\"__proto__\":{}", "\uFEFF", "\\",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF],
    ];

    private const string Settings = """
        {
          "Gateway": { "Id": "gw-1", "District": "/etc/smartdistrict/districts/harbour.yaml", "Profiles": "/etc/smartdistrict/profiles", "Data": "/var/lib/smartdistrict", "Generation": 7 },
          "Broker": { "Host": "localhost", "Port": 1883, "Version": "3.1.1", "User": "gw", "ClientId": "gw-1" },
          "Live": { "Host": "broker.example", "Port": 8883, "Tls": { "ServerName": "broker.example" } },
          "Journal": { "SegmentBytes": 8388608, "KeepBytes": 1073741824, "CommitDelayMilliseconds": 40 },
          "Fold": { "CheckpointSeconds": 10, "LateHorizonDays": 7 },
          "Status": { "Port": 0 },
          "Sync": { "Url": "https://cloud.example", "Api": "v2", "Org": "district", "Bucket": "footfall", "RequestTimeout": "00:00:30", "Gzip": true, "MaxRows": 2000000 }
        }
        """;

    private readonly DeviceProfiles profiles = DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles"));
    private readonly Mutation profileText;
    private readonly Mutation districtText;
    private readonly Mutation settingsText;

    public ConfigurationFiles()
    {
        profileText = new([.. Directory.GetFiles(RepositoryFiles.Path("firmware-config", "profiles")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)], YamlFragments, longest: 64 << 10);
        districtText = new([Shortened(File.ReadAllText(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"))),
            File.ReadAllBytes(RepositoryFiles.Path("firmware-config", "districts", "doorway.yaml")),
            File.ReadAllBytes(RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Devices", "cases", "district.yaml"))], YamlFragments, longest: 64 << 10);
        settingsText = new([Encoding.UTF8.GetBytes(Settings)], JsonFragments, longest: 64 << 10);
    }

    public override string Name => "configuration";

    /// <summary>The first letter says which file it is: profile, district or settings.</summary>
    public override byte[] Next(Random random)
    {
        var (kind, mutation) = random.Next(4) switch
        {
            0 or 1 => ((byte)'p', profileText),
            2 => ((byte)'d', districtText),
            _ => ((byte)'s', settingsText),
        };
        return [kind, .. random.Next(16) == 0 ? Mutation.Noise(random, 100) : mutation.Damage(random, mutation.Seed(random))];
    }

    public override bool Read(byte[] input, Random random) => input[0] switch
    {
        (byte)'p' => ReadProfile(Encoding.UTF8.GetString(input, 1, input.Length - 1)),
        (byte)'d' => ReadDistrict(Encoding.UTF8.GetString(input, 1, input.Length - 1)),
        _ => ReadSettings(input[1..]),
    };

    private static bool ReadProfile(string text)
    {
        var problems = new ConfigurationProblems("profile.yaml");
        if (ProfileFile.Parse(text, problems) is not { } profile)
            return Refused(problems);
        Explained(SampleCheck.Run(profile));
        return true;
    }

    private bool ReadDistrict(string text)
    {
        var problems = new ConfigurationProblems("district.yaml");
        if (DistrictFile.Parse(text, problems) is not { } district)
            return Refused(problems);
        Explained(DeviceCatalog.Build(district, profiles, "gw-1").Faulted.Select(device => device.Problem));
        return true;
    }

    /// <summary>As <c>smartdistrict-edge run</c> reads them.</summary>
    private static bool ReadSettings(byte[] content)
    {
        try
        {
            var configuration = new ConfigurationBuilder().AddJsonFile(new OneFile(content), "gateway.json", optional: false, reloadOnChange: false).Build();
            var services = new ServiceCollection();
            services.AddSingleton<IConfiguration>(configuration);
            RunCommand.AddSettings(services);
            using var provider = services.BuildServiceProvider();
            provider.GetRequiredService<IStartupValidator>().Validate();
            var broker = provider.GetRequiredService<IOptionsMonitor<BrokerOptions>>().Get(EdgeGateway.DeviceBroker);
            if (broker.Host.Length > 0)
                EdgeGateway.Settings(EdgeGateway.DeviceBroker, broker, "gw-1", static session => session, static _ => { });
            return true;
        }
        catch (Exception e) when (RunCommand.Explains(e) is { } text)
        {
            BrokenPromiseException.Unless(text.Trim().Length > 0, $"{e.GetType().Name} without a word");
            return false;
        }
    }

    private static bool Refused(ConfigurationProblems problems)
    {
        BrokenPromiseException.Unless(problems.Count > 0, "refused without a problem");
        Explained(problems.InOrder);
        return false;
    }

    private static void Explained(IEnumerable<ConfigurationProblem> problems)
    {
        foreach (var problem in problems)
            BrokenPromiseException.Unless(problem.Line >= 0 && problem.What.Length > 0 && problem.Mend.Length > 0, $"a problem that does not say what and how to mend it: {problem}");
    }

    /// <summary>A few entries of each list: the form matters, and reading the whole file costs 20 times the time.</summary>
    private static byte[] Shortened(string yaml)
    {
        var (kept, entries) = (new StringBuilder(), 0);
        foreach (var line in yaml.Split('\n'))
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
                entries = 0;
            else if (line.StartsWith("  - ", StringComparison.Ordinal))
                entries++;
            if (entries <= 3)
                kept.Append(line).Append('\n');
        }
        return Encoding.UTF8.GetBytes(kept.ToString());
    }

    private sealed class OneFile(byte[] content) : IFileProvider, IFileInfo
    {
        public bool Exists => true;

        public long Length => content.Length;

        public string? PhysicalPath => null;

        public string Name => "gateway.json";

        public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => new MemoryStream(content, writable: false);

        public IFileInfo GetFileInfo(string subpath) => this;

        public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

        public IChangeToken Watch(string filter) => NullChangeToken.Singleton;
    }
}
