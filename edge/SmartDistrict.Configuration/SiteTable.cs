using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>The ids given so far to one sort of thing, and the check that a reference meets one of them.</summary>
internal sealed class SiteTable(string sort)
{
    private readonly HashSet<string> ids = [];

    public string Sort { get; } = sort;

    /// <summary>Registers an id; false where it is taken.</summary>
    public bool Take(string id) => ids.Add(id);

    public bool Has(string id) => ids.Contains(id);

    /// <summary>What to do about a reference that meets nothing.</summary>
    public string Mend(string id) => Spelling.Mend(id, ids, $"add the {Sort} '{id}' to this file");

    /// <summary>Reports a reference to something that does not exist.</summary>
    public void Demand(YamlReader reader, string key, string? id)
    {
        if (id is not null && !ids.Contains(id))
            reader.Problems.Add(reader.Place(key), $"'{key}' of {reader.Subject} names the {Sort} '{id}', which does not exist", Mend(id));
    }
}
