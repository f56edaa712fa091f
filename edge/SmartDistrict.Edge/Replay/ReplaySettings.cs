using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Configuration.Yaml;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Footfall;

namespace SmartDistrict.Edge.Replay;

/// <summary>Everything that the fold's outcome depends on beside the journal: what is at work, and the same with changes.</summary>
internal sealed class ReplaySettings
{
    private static readonly string[] Sections = ["Gateway", "Fold", "Journal", "Sync", "Status", "Otlp", EdgeGateway.DeviceBroker, EdgeGateway.CloudBroker, "Logging"];
    private static readonly string[] FoldSettings = [.. typeof(FoldOptions).GetProperties().Select(property => "Fold:" + property.Name)];
    private static readonly string[] Changeable = [.. FoldSettings, "Gateway:District", "Gateway:Profiles"];

    private ReplaySettings(GatewayOptions gateway, FoldOptions fold, District district, DeviceProfiles profiles)
    {
        Gateway = gateway;
        Fold = fold;
        District = district;
        Catalog = DeviceCatalog.Build(district, profiles, gateway.Id);
    }

    public GatewayOptions Gateway { get; }

    public FoldOptions Fold { get; }

    public District District { get; }

    public DeviceCatalog Catalog { get; }

    /// <summary>The settings as the gateway itself would read them.</summary>
    /// <param name="file">The gateway's settings file.</param>
    /// <param name="data">Another data folder, as of a card in a reader; null: as the settings say.</param>
    public static ReplaySettings Present(string file, string? data) => new Draft(file, data).Read();

    /// <summary>The settings with changes on top, the later ones over the earlier.</summary>
    /// <exception cref="ReplayException">A change is none that a replay can try.</exception>
    /// <exception cref="ConfigurationException">A file that a change names cannot be used.</exception>
    public static ReplaySettings Changed(string file, string? data, IReadOnlyList<string> changes)
    {
        var draft = new Draft(file, data);
        foreach (var change in changes)
            draft.Change(change);
        return draft.Read();
    }

    private sealed class Draft(string file, string? data)
    {
        private readonly IConfigurationBuilder builder = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false).AddEnvironmentVariables("SMARTDISTRICT_")
            .AddInMemoryCollection(data is null ? [] : [new("Gateway:Data", data)]);

        private readonly List<DeviceProfile> profiles = [];
        private District? district;

        public void Change(string change)
        {
            var extension = Path.GetExtension(change).ToLowerInvariant();
            if (change.Split('=', 2) is [var name, var value] && name.Contains(':', StringComparison.Ordinal))
                builder.AddInMemoryCollection([new(Known(name), value)]);
            else if (extension is ".yaml" or ".yml")
                TakeYaml(change);
            else if (extension == ".json")
                TakeSettings(change);
            else if (Directory.Exists(change))
                builder.AddInMemoryCollection([new("Gateway:Profiles", change)]);
            else
                throw new ReplayException($"--with is '{change}', which is neither a setting nor a file of settings, of a profile or of a district. Mend: write it as Fold:Setting=VALUE, or check the path.");
        }

        public ReplaySettings Read()
        {
            var configuration = builder.Build();
            var gateway = Bound<GatewayOptions>(configuration, "Gateway", new GatewayOptionsCheck());
            var fold = Bound<FoldOptions>(configuration, "Fold", new FoldOptionsCheck());
            var known = DeviceProfiles.Load(gateway.Profiles);
            foreach (var profile in profiles)
                known = known.With(profile);
            return new(gateway, fold, district ?? DistrictFile.Load(gateway.District), known);
        }

        private void TakeYaml(string path)
        {
            var problems = new ConfigurationProblems(path);
            var isDistrict = YamlFile.Read(path, problems) is { } root && new YamlReader("the file", root, problems).Has("district");
            if (problems.Count == 0 && isDistrict)
                district = DistrictFile.Read(path, problems);
            // a draft of a profile may have any file name: its own name says which one it stands for
            else if (problems.Count == 0 && ProfileFile.Parse(File.ReadAllText(path), problems) is { } profile)
                profiles.Add(profile);
            if (problems.Count > 0)
                throw new ConfigurationException(problems.InOrder);
        }

        /// <summary>A whole settings file may be given: of what has no bearing on the fold nothing is taken.</summary>
        private void TakeSettings(string path)
        {
            var other = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false, reloadOnChange: false).Build();
            if (other.GetChildren().FirstOrDefault(section => !Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw new ReplayException($"{path} has the unknown section '{unknown.Key}'. Mend: {Spelling.Mend(unknown.Key, Sections, "remove it")}.");
            builder.AddInMemoryCollection(other.AsEnumerable().Where(setting => setting.Value is not null
                && (setting.Key.StartsWith("Fold:", StringComparison.OrdinalIgnoreCase) || Changeable.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))));
        }

        private static string Known(string name) => Changeable.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? name
            : throw new ReplayException($"'{name}' is no setting that changes what is counted. Mend: {Spelling.Mend(name, Changeable, "leave it out")}.");

        private static T Bound<T>(IConfiguration configuration, string section, IValidateOptions<T> check)
            where T : class, new()
        {
            var options = configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
            var outcome = check.Validate(null, options);
            return outcome.Failed ? throw new OptionsValidationException(section, typeof(T), outcome.Failures) : options;
        }
    }
}
