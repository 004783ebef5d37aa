package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.slimquant.format.FormatRequest;

/**
 * The formats of a layer.
 *
 * @param output the format of the output, or the request for each of several
 * @param kernelRequired whether the annotation mentions the kernel, so that a layer without one is
 *     an error
 * @param outputs the outputs that have names or formats of their own; none if all have those that
 *     the runtime gives them
 */
public record LayerFormats(
    FormatRequest kernel,
    FormatRequest output,
    boolean kernelRequired,
    ImmutableList<OutputFormat> outputs) {

  /** Returns all formats. */
  Stream<FormatRequest> all() {
    return Stream.concat(Stream.of(kernel, output), outputs.stream().map(OutputFormat::format));
  }
}
