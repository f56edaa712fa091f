using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge.Status;

/// <summary>Where the gateway tells its state, on the loopback interface only.</summary>
public sealed class StatusOptions
{
    /// <summary>TCP port; 0 takes a free one. The address in use stands in the file <c>status-url</c> of the data folder.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }
}
