using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge.Status;

/// <summary>Where the gateway tells its state and serves the technician's page; on the loopback interface unless told otherwise.</summary>
public sealed class StatusOptions
{
    /// <summary>TCP port; 0 takes a free one. The address in use stands in the file <c>status-url</c> of the data folder.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// The address to listen on, an IPv4 address of this machine; 0.0.0.0 is all of them. Beyond loopback everything but
    /// <c>/healthz</c> asks for the technician's code.
    /// </summary>
    [RegularExpression(@"(\d{1,3}\.){3}\d{1,3}", ErrorMessage = "Status:Listen must be an IPv4 address of this machine, or 0.0.0.0 for all of them")]
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>A file that holds nothing but the technician's code, 8 characters or more; needed beyond loopback.</summary>
    public string? CodeFile { get; set; }

    internal bool IsLoopback => Listen.StartsWith("127.", StringComparison.Ordinal);
}
