using System.Globalization;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using SmartDistrict.Configuration;
using SmartDistrict.Configuration.Yaml;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Configuration;

/// <summary>Asks one of the published JSON Schemas, as an editor does while a technician types.</summary>
public sealed class SchemaJudge(string name)
{
    private readonly JsonSchema schema = JsonSchema.FromJsonAsync(
        File.ReadAllText(RepositoryFiles.Path("firmware-config", "schema", name + ".schema.json"))).GetAwaiter().GetResult();

    public bool Accepts(string yaml)
    {
        var problems = new ConfigurationProblems("x.yaml");
        return YamlFile.Parse(yaml, problems) is { } root && problems.Count == 0 && schema.Validate(Json(root)).Count == 0;
    }

    /// <summary>YAML as JSON by the core schema of YAML 1.2.</summary>
    private static JToken Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JObject(mapping.Entries.Select(entry => new JProperty(entry.Key.Text, Json(entry.Value)))),
        YamlSequence sequence => new JArray(sequence.Items.Select(Json)),
        YamlScalar { IsNull: true } => JValue.CreateNull(),
        YamlScalar { Boolean: { } flag } => new JValue(flag),
        YamlScalar { Whole: { } whole } => new JValue(whole),
        YamlScalar { IsText: false } scalar => new JValue(double.Parse(scalar.Text, CultureInfo.InvariantCulture)),
        YamlScalar scalar => JValue.CreateString(scalar.Text),
        _ => throw new NotSupportedException(node.Sort),
    };
}
