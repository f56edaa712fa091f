using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Cloud.Influx;

/// <summary>Where the gateways' points are read from, section <c>Cloud:Influx</c>.</summary>
public sealed class InfluxOptions : IValidatableObject
{
    public const string Section = CloudOptions.Section + ":Influx";

    /// <summary>Root of the server, for example http://127.0.0.1:8086.</summary>
    public string Url { get; set; } = "";

    /// <summary>Database; of InfluxDB 2.x the one that a DBRP mapping leads to the bucket.</summary>
    public string Database { get; set; } = "";

    /// <summary>Token of InfluxDB 2.x and 3.x.</summary>
    public string? Token { get; set; }

    /// <summary>User of InfluxDB 1.x; 1.x answers 401 to a token.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The most that a query may take, until it is given up as unanswered.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new($"Cloud:Influx:Url ({Url}) is not an address: give the server's root, for example http://127.0.0.1:8086");
        if (string.IsNullOrWhiteSpace(Database))
            yield return new("Cloud:Influx:Database is missing: name the database that the gateways write to");
        if (Token is not null && User is not null)
            yield return new("Cloud:Influx has both Token and User: InfluxDB 1.x takes User and Password, 2.x and 3.x take Token");
        if (User is null != Password is null)
            yield return new("Cloud:Influx has one of User and Password: give both or none");
    }
}
