using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SmartDistrict.Configuration.Yaml;

/// <summary>
/// Reads YAML into nodes that know their place. Configuration has no use for anchors, aliases, tags or several
/// documents in a file, so they are refused; that also leaves no way to write a file that expands without end.
/// </summary>
public static class YamlFile
{
    public const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxDepth = 32;

    /// <summary>Reads a file; null where nothing could be read of it, then a problem says why.</summary>
    public static YamlMapping? Read(string path, ConfigurationProblems problems)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
            {
                problems.AddForFile($"the file is larger than {MaxBytes / 1024 / 1024} MiB", "split it, or check that it is the right file");
                return null;
            }
            return Parse(File.ReadAllText(path, new System.Text.UTF8Encoding(false, true)), problems);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.AddForFile("there is no such file", "check the path and the name");
        }
        catch (System.Text.DecoderFallbackException)
        {
            problems.AddForFile("the file is not UTF-8", "save it as UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.AddForFile("the file cannot be read", "check that it is a file and that this user may read it");
        }
        return null;
    }

    /// <summary>Reads text whose root must be a mapping; null where it is none, then a problem says why.</summary>
    public static YamlMapping? Parse(string text, ConfigurationProblems problems)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.AddForFile("the file is empty", "write the configuration, or remove the file");
                return null;
            }
            var root = Node(parser, problems, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                problems.Add((int)second.Start.Line, (int)second.Start.Column, "a second document begins here", "keep one document per file");
            if (root is YamlMapping mapping)
                return mapping;
            problems.Add(root, $"the file holds {root.Sort} where keys and values are expected", "begin with a key, as in 'district: harbour'");
        }
        catch (Exception e)
        {
            // for some damaged text the parser throws other things than its YamlException
            var at = (e as YamlException)?.Start ?? parser.Current?.End ?? Mark.Empty;
            problems.Add((int)at.Line, (int)at.Column, $"this is not valid YAML ({Reason(e)})",
                "check the indentation (spaces, never tabs), the quotes and the brackets at and before this place");
        }
        return null;
    }

    private static YamlNode Node(Parser parser, ConfigurationProblems problems, int depth)
    {
        var at = parser.Current!.Start;
        var (line, column) = ((int)at.Line, (int)at.Column);
        if (depth > MaxDepth)
            throw new YamlException(at, at, $"more than {MaxDepth} levels deep");
        if (parser.TryConsume<AnchorAlias>(out _))
        {
            problems.Add(line, column, "aliases (*name) are not supported here", "write the value out");
            return new YamlScalar(line, column, "", Quoted: false);
        }
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false })
            problems.Add(line, column, "anchors (&name) are not supported here", "remove the anchor");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged && tagged.Tag.ToString() is not "!")
            problems.Add(line, column, $"tags ({tagged.Tag}) are not supported here", "remove the tag, and quote the value if it is text");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(line, column, scalar.Value, scalar.Style != ScalarStyle.Plain);
        return parser.TryConsume<SequenceStart>(out _)
            ? Sequence(parser, problems, depth, line, column)
            : Mapping(parser, problems, depth, line, column);
    }

    private static YamlSequence Sequence(Parser parser, ConfigurationProblems problems, int depth, int line, int column)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, problems, depth + 1));
        return new YamlSequence(line, column, items);
    }

    private static YamlMapping Mapping(Parser parser, ConfigurationProblems problems, int depth, int line, int column)
    {
        parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var seen = new Dictionary<string, YamlScalar>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, problems, depth + 1);
            var value = Node(parser, problems, depth + 1);
            if (key is not YamlScalar name)
                problems.Add(key, $"{key.Sort} cannot be a key", "write a plain word as the key");
            else if (seen.TryGetValue(name.Text, out var first))
                problems.Add(name, $"'{name.Text}' was already given in line {first.Line}", "keep one of the two");
            else
            {
                seen.Add(name.Text, name);
                entries.Add(new(name, value));
            }
        }
        return new YamlMapping(line, column, entries);
    }

    /// <summary>The parser's reason as part of a sentence; its exception may be without text in a trimmed process.</summary>
    private static string Reason(Exception e) =>
        e is not YamlException || string.IsNullOrWhiteSpace(e.Message) ? "syntax error" : e.Message.Trim().TrimEnd('.').ToLowerInvariant();
}
