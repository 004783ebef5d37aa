package org.slimquant.deploy.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slimquant.deploy.certificate.OpProof;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;

/**
 * Checks that all parts of a report are of the plan's network. Parts are joined by name. A part of
 * another network would add nothing, or would be shown at other tensors.
 */
final class OneNetwork {

  private OneNetwork() {}

  /**
   * Checks the content of a report.
   *
   * @throws IllegalArgumentException if a part has names and shares none with the plan
   */
  static void require(Content content) {
    List<String> sites = content.plan().sites().stream().map(Site::name).toList();
    List<String> layers = sites.stream().map(SiteName::callOf).toList();
    content.statistics().ifPresent(part -> require("statistics", part.observed(), sites));
    content
        .sensitivity()
        .ifPresent(
            part ->
                require(
                    "sensitivity",
                    part.sites().stream().map(effects -> effects.site().name()).toList(),
                    sites));
    content
        .model()
        .ifPresent(
            part ->
                require(
                    "model",
                    Stream.concat(
                            part.ops().stream().map(IntegerOp::name),
                            part.tensors().stream().map(IntegerTensor::name))
                        .toList(),
                    Stream.concat(layers.stream(), sites.stream()).toList()));
    content
        .certificate()
        .ifPresent(
            part ->
                require("certificate", part.ops().stream().map(OpProof::name).toList(), layers));
  }

  private static void require(String part, List<String> names, List<String> planned) {
    Set<String> common = new HashSet<>(planned);
    common.retainAll(names);
    if (common.isEmpty() && !planned.isEmpty() && !names.isEmpty()) {
      throw new IllegalArgumentException(
          "the %s of a report must be of the plan's network, but has %s, …, and the plan %s, …; give both of one model"
              .formatted(part, names.get(0), planned.get(0)));
    }
  }
}
