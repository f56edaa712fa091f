namespace SmartDistrict.Configuration;

/// <summary>One thing that is wrong in a configuration file, where, and how to put it right.</summary>
/// <param name="File">Path as the reader of the file was given it.</param>
/// <param name="Line">1-based; 0 where the file as a whole is meant (it does not exist, it is empty).</param>
/// <param name="Column">1-based; 0 where the file as a whole is meant.</param>
/// <param name="What">What is wrong, a sentence without its full stop.</param>
/// <param name="Mend">What to do about it, a sentence without its full stop.</param>
public sealed record ConfigurationProblem(string File, int Line, int Column, string What, string Mend)
{
    /// <summary><c>file:line:col: what is wrong. Mend: what to do.</c>: the form that editors and terminals link.</summary>
    public override string ToString() =>
        Line == 0 ? $"{File}: {What}. Mend: {Mend}." : $"{File}:{Line}:{Column}: {What}. Mend: {Mend}.";
}

/// <summary>A configuration that cannot be used. Holds every problem found, not the first alone.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All problems, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
