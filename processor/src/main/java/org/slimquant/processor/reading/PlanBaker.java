package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.IntStream;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.Planned;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.Parameter.Role;
import org.slimquant.processor.model.Signature;

/**
 * Replaces requests for formats by the formats of a plan, and checks that the plan is one of this
 * model.
 *
 * <pre>{@code
 * Calibrated.signed(8)      ──▶  PLAN.signed(8, -7)
 * Calibrated.of(8)          ──▶  PLAN.foundUnsigned(8, -4)
 * Calibrated.perChannel(8)  ──▶  PLAN.perChannel(8, -7, -6, -9)
 * }</pre>
 *
 * <p>The runtime names the sites of a layer's first call {@code conv1/SlimQuant/…} and of its
 * second {@code conv1_1/SlimQuant/…}. A name of calls may come first: {@code
 * block3/conv1/SlimQuant/…}. All calls share the constants of the layer, so their formats must be
 * the same.
 */
final class PlanBaker {

  private final QuantizationPlan plan;
  private final String file;
  private final CompiledPlan compiledPlan;
  private final SitesByLayer sites;
  private final PlanErrors errors;

  private PlanBaker(QuantizationPlan plan, String file, SitesByLayer sites, PlanErrors errors) {
    this.plan = plan;
    this.file = file;
    this.compiledPlan = new CompiledPlan(file, plan.fingerprint());
    this.sites = sites;
    this.errors = errors;
  }

  /**
   * Returns the layers with the formats of the plan; where there are errors, they are reported.
   *
   * @param file the name of the plan's file for messages
   */
  static ImmutableList<LayerMethod> bake(
      ImmutableList<LayerMethod> layers,
      QuantizationPlan plan,
      String file,
      TypeElement model,
      Report report) {
    PlanErrors errors = new PlanErrors(model, report);
    SitesByLayer sites = SitesByLayer.of(layers, plan, file, errors);
    PlanBaker baker = new PlanBaker(plan, file, sites, errors);
    return layers.stream().map(baker::bake).collect(toImmutableList());
  }

  private LayerMethod bake(LayerMethod layer) {
    LayerFormats formats = layer.formats();
    LayerFormats baked =
        new LayerFormats(
            bake(
                layer,
                layer.element(),
                SiteName.KERNEL,
                formats.kernel(),
                formats.kernelRequired()),
            bake(layer, layer.element(), SiteName.OUTPUT, formats.output(), true),
            bake(layer, layer.element(), SiteName.SUM, formats.sum(), false),
            formats.kernelRequired());
    Signature signature = layer.signature();
    ImmutableList<Parameter> parameters =
        IntStream.range(0, signature.parameters().size())
            .mapToObj(
                i ->
                    bake(
                        layer,
                        layer.element().getParameters().get(i),
                        signature.parameters().get(i)))
            .collect(toImmutableList());
    return new LayerMethod(
        layer.element(), layer.name(), layer.type(), signature.with(parameters), baked);
  }

  private Parameter bake(LayerMethod layer, Element element, Parameter parameter) {
    if (!(parameter.role() instanceof Role.Quantized quantized)) {
      return parameter;
    }
    FormatRequest format =
        bake(layer, element, quantized.input(), quantized.format(), !quantized.nullable());
    return new Parameter(
        parameter.type(),
        parameter.name(),
        new Role.Quantized(quantized.input(), format, quantized.nullable()));
  }

  /**
   * Returns the format that the plan has for a request.
   *
   * @param required whether a plan without one is an error
   */
  private FormatRequest bake(
      LayerMethod layer, Element element, String part, FormatRequest request, boolean required) {
    String name = SitesByLayer.siteName(layer, part);
    List<Site> calls = sites.calls(name);
    if (calls.isEmpty()) {
      if (required && request instanceof Calibrated && !isRemarkedOn(name)) {
        errors.at(
            layer,
            element,
            "a site without frac must be in %s, but %s is not".formatted(file, name));
      }
      return request;
    }
    Site first = calls.get(0);
    for (Site call : calls) {
      if (!call.format().equals(first.format())) {
        errors.at(
            layer,
            element,
            "all calls of a layer must have the same formats, which they share, but in %s %s is %s and %s is %s"
                .formatted(file, first.name(), first.format(), call.name(), call.format()));
        return request;
      }
    }
    if (!answers(first.format(), request)) {
      errors.at(
          layer,
          element,
          "a site of %s must be what its annotation says, %s, but %s is %s"
              .formatted(file, describe(request), first.name(), first.format()));
      return request;
    }
    return request instanceof Calibrated calibrated
        ? new Planned(first.format(), calibrated, compiledPlan)
        : request;
  }

  private static boolean answers(Format format, FormatRequest request) {
    return request instanceof Calibrated calibrated
        ? calibrated.allows(format)
        : format.equals(request);
  }

  private static String describe(FormatRequest request) {
    return request instanceof Calibrated calibrated
        ? "%s with %s"
            .formatted(
                calibrated.sign().codes(calibrated.bits()),
                calibrated.perChannel() ? "a frac for each channel" : "one frac")
        : request.toString();
  }

  /**
   * Returns whether the plan says why it lacks a site: another layer has the site of its tensor.
   */
  private boolean isRemarkedOn(String site) {
    return plan.remarks().stream().map(Remark::site).anyMatch(site::equals);
  }
}
