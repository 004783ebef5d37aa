package org.slimquant.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a site, {@code block1/conv_1/SlimQuant/kernel}: it is the name of a fake quant in the
 * graph and of a record in a plan.
 *
 * @param call the call of a layer, {@code block1/conv_1}: the layer's name, after the names that
 *     the model gives its calls and before the number of the call, if it is not the first
 * @param part which of the layer's tensors it is: {@code kernel}, {@code bias}, {@code sum}, {@code
 *     output} or the name of a parameter
 */
public record SiteName(String call, String part) {

  /** The part of a layer's kernel. */
  public static final String KERNEL = "kernel";

  /** The part of a layer's bias. */
  public static final String BIAS = "bias";

  /** The part of a layer's output. */
  public static final String OUTPUT = "output";

  /** The part of the sum before a layer's activation, if the activation is more than a clamp. */
  public static final String SUM = "sum";

  private static final String SCOPE = "/SlimQuant/";

  private static final Pattern NUMBER = Pattern.compile("_\\d+$");

  /** Returns the parts of a name, if it is one of a site or of an op below one. */
  public static Optional<SiteName> parse(String name) {
    int scope = name.lastIndexOf(SCOPE);
    return scope <= 0
        ? Optional.empty()
        : Optional.of(
            new SiteName(name.substring(0, scope), name.substring(scope + SCOPE.length())));
  }

  /** Returns the call that a site belongs to, or the name itself if it is not one of a site. */
  public static String callOf(String site) {
    return parse(site).map(SiteName::call).orElse(site);
  }

  /** Returns the first call of the layer that a call is of: {@code conv} for {@code conv_1}. */
  public static String firstCall(String call) {
    return NUMBER.matcher(call).replaceFirst("");
  }

  /** Returns the name of a call, counted from 0: {@code conv}, {@code conv_1}, {@code conv_2}. */
  public static String call(String layer, int number) {
    return number == 0 ? layer : "%s_%d".formatted(layer, number);
  }

  /** Returns the name as it is in graph and plan. */
  @Override
  public String toString() {
    return call + SCOPE + part;
  }
}
