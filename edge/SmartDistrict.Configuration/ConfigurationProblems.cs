using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Collects the problems of one file while it is read to its end.</summary>
public sealed class ConfigurationProblems(string file)
{
    private readonly List<ConfigurationProblem> found = [];

    public string File { get; } = file;

    public int Count => found.Count;

    /// <summary>The problems, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationProblem> InOrder =>
        [.. found.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    public void Add(YamlNode at, string what, string mend) => Add(at.Line, at.Column, what, mend);

    public void Add(int line, int column, string what, string mend) =>
        found.Add(new ConfigurationProblem(File, line, column, what, mend));

    public void AddForFile(string what, string mend) => Add(0, 0, what, mend);
}
