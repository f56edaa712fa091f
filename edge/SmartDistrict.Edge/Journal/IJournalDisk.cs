namespace SmartDistrict.Edge.Journal;

/// <summary>
/// The file operations that the journal stands on, and what it may expect of each when the power fails: a written byte is
/// sure once <see cref="IJournalFile.Flush"/> has returned, a file's name once <see cref="SyncFolder"/> has. Until then any
/// part of it may be there or not.
/// </summary>
internal interface IJournalDisk
{
    /// <summary>Paths of the files in a folder whose names end so.</summary>
    IEnumerable<string> List(string folder, string ending);

    /// <summary>Makes a file that is not there yet, its space reserved and read as zeros.</summary>
    IJournalFile Create(string path, long size);

    /// <summary>Opens a file to be read.</summary>
    IJournalFile Open(string path);

    /// <summary>Gives back what is reserved of a file behind its last byte; a file that is not there is passed over.</summary>
    void GiveBack(string path);

    void Delete(string path);

    void Move(string path, string to);

    /// <summary>Bytes of a file; 0 where it is not there.</summary>
    long Length(string path);

    /// <summary>Makes the names in a folder sure.</summary>
    void SyncFolder(string folder);
}

/// <summary>An open file.</summary>
internal interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> into, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Makes what was written sure.</summary>
    void Flush();
}
