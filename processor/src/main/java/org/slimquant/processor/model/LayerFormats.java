package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer.
 *
 * @param output the format of the output, or the request for each of several
 * @param sum the format of the sum before an activation that is more than a clamp
 * @param kernelRequired whether the annotation mentions the kernel, so that a layer without one is
 *     an error
 * @param outputs the outputs that have names or formats of their own; none if all have those that
 *     the runtime gives them
 */
public record LayerFormats(
    FormatRequest kernel,
    FormatRequest output,
    FormatRequest sum,
    boolean kernelRequired,
    ImmutableList<OutputFormat> outputs) {

  /** Returns all formats. */
  Stream<FormatRequest> all() {
    return Stream.concat(
        Stream.of(kernel, output, sum), outputs.stream().map(OutputFormat::format));
  }

  /** Returns whether the sum has the format of a layer whose annotation and plan give none. */
  public boolean hasDefaultSum() {
    return sum.equals(Calibrated.of(output.bits()));
  }
}
