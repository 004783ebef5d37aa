package org.slimquant.runtime.site;

import java.util.Optional;
import java.util.function.Supplier;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.Planned;
import org.slimquant.plan.Origin;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Edge;
import org.tensorflow.Output;

/**
 * A request of a layer to quantize a tensor.
 *
 * @param name the requested name of its site
 * @param kind the tensor's role in the layer
 * @param tensor the tensor
 * @param format the request of the layer's annotation
 * @param channels the output channels of a kernel that is quantized per channel
 * @param origin the tensor's origin in the network, if calibration finds its format and the origin
 *     is known
 */
public record SiteRequest(
    String name,
    Kind kind,
    Output<?> tensor,
    FormatRequest format,
    Optional<Channels> channels,
    Optional<Origin> origin) {

  public static SiteRequest of(
      String name, Kind kind, Output<?> tensor, FormatRequest format, Supplier<Origin> origin) {
    return new SiteRequest(name, kind, tensor, format, Optional.empty(), originFor(format, origin));
  }

  /**
   * Returns the request for the kernel that is read over {@code edge}.
   *
   * @param layer the name of the layer, for messages
   */
  public static SiteRequest kernel(
      String name, Edge edge, String layer, FormatRequest format, Supplier<Origin> origin) {
    return new SiteRequest(
        name,
        Kind.KERNEL,
        edge.source(),
        format,
        format.perChannel() ? Optional.of(Channels.of(edge, layer)) : Optional.empty(),
        originFor(format, origin));
  }

  /** Returns the origin if a plan gives the format, and none if the origin does not matter. */
  private static Optional<Origin> originFor(FormatRequest format, Supplier<Origin> origin) {
    return format instanceof Calibrated || format instanceof Planned
        ? Optional.of(origin.get()).filter(Origin::isKnown)
        : Optional.empty();
  }

  /** Returns this request for another tensor that has the same value. */
  SiteRequest withTensor(Output<?> same) {
    return new SiteRequest(name, kind, same, format, channels, origin);
  }
}
