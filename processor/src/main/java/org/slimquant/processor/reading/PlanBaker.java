package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.Planned;
import org.slimquant.format.SignRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;
import org.slimquant.plan.Source;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.Suppressions;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.LayerResult;
import org.slimquant.processor.model.OutputFormat;
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
            layer.result() instanceof LayerResult.One
                ? bake(layer, layer.element(), SiteName.OUTPUT, formats.output(), true)
                : formats.output(),
            bake(layer, layer.element(), SiteName.SUM, formats.sum(), false),
            formats.kernelRequired(),
            bakeOutputs(layer));
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
        layer.element(),
        layer.name(),
        layer.type(),
        layer.result(),
        signature.with(parameters),
        baked);
  }

  /** Returns the outputs of a layer that returns several, with their formats. */
  private ImmutableList<OutputFormat> bakeOutputs(LayerMethod layer) {
    FormatRequest request = layer.formats().output();
    if (layer.result() instanceof LayerResult.One) {
      return ImmutableList.of();
    }
    if (layer.result() instanceof LayerResult.Components) {
      return layer.formats().outputs().stream()
          .map(
              output ->
                  new OutputFormat(
                      output.name(), bake(layer, layer.element(), output.name(), request, true)))
          .collect(toImmutableList());
    }
    ImmutableList<FormatRequest> formats =
        bakeGroup(layer, layer.element(), SiteName.OUTPUT, request, true);
    return IntStream.range(0, formats.size())
        .mapToObj(i -> new OutputFormat(SiteName.call(SiteName.OUTPUT, i), formats.get(i)))
        .collect(toImmutableList());
  }

  /**
   * Returns the formats of several operands, of as many as a call of the layer has in the plan, or
   * none if the annotation gives them.
   */
  private ImmutableList<FormatRequest> bakeGroup(
      LayerMethod layer, Element element, String part, FormatRequest request, boolean required) {
    List<FormatRequest> formats = new ArrayList<>();
    for (int i = 0; i == 0 || isInPlan(layer, SiteName.call(part, i)); i++) {
      formats.add(bake(layer, element, SiteName.call(part, i), request, required && i == 0));
    }
    return formats.stream().anyMatch(Planned.class::isInstance)
        ? ImmutableList.copyOf(formats)
        : ImmutableList.of();
  }

  private boolean isInPlan(LayerMethod layer, String part) {
    String name = SitesByLayer.siteName(layer, part);
    return !sites.calls(name).isEmpty() || isRemarkedOn(name);
  }

  private Parameter bake(LayerMethod layer, Element element, Parameter parameter) {
    if (parameter.role() instanceof Role.QuantizedGroup group) {
      return new Parameter(
          parameter.type(),
          parameter.name(),
          new Role.QuantizedGroup(
              group.input(),
              group.format(),
              bakeGroup(layer, element, group.input(), group.format(), !group.nullable()),
              group.nullable()));
    }
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
    if (!(request instanceof Calibrated calibrated)) {
      return request;
    }
    if (calibrated.sign() == SignRequest.CALIBRATED && hasOldSign(first)) {
      errors.warn(
          layer,
          element,
          Suppressions.OLD_SIGN,
          "a tensor that is never negative must have unsigned codes, but in %s %s is %s, as older versions chose; calibrate the model again, which halves the step"
              .formatted(file, first.name(), first.format()));
    }
    return new Planned(first.format(), calibrated, compiledPlan);
  }

  /**
   * Returns whether calibration would choose another sign today. It would not if another layer asks
   * for signed codes of the same tensor.
   */
  private boolean hasOldSign(Site site) {
    return site.source() instanceof Source.Calibration
        && site.format().signed()
        && site.measure().filter(measure -> measure.min() >= 0 && measure.max() > 0).isPresent()
        && plan.remarks().stream().noneMatch(remark -> remark.text().equals("is " + site.name()));
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
