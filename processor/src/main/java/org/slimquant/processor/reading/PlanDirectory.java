package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import org.slimquant.format.Calibrated;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter;

/** The directory of the compiler's option {@code -Aslimquant.plan}, with a file for each model. */
public final class PlanDirectory {

  public static final String OPTION = "slimquant.plan";

  private final Optional<String> directory;

  private PlanDirectory(Optional<String> directory) {
    this.directory = directory;
  }

  static PlanDirectory of(ProcessingEnvironment environment) {
    // Without "=" an option has the value null.
    return new PlanDirectory(
        environment.getOptions().containsKey(OPTION)
            ? Optional.of(String.valueOf(environment.getOptions().get(OPTION)))
            : Optional.empty());
  }

  /**
   * Returns the layers with the exponents of the model's plan, if there is one. Errors are
   * reported, and the layers are then unusable.
   */
  ImmutableList<LayerMethod> bake(
      ImmutableList<LayerMethod> layers, TypeElement model, Report report) {
    if (directory.isEmpty()) {
      return layers;
    }
    Optional<String> problem = ProtobufVersion.problem();
    if (problem.isPresent()) {
      // Maven takes the version that comes with the first processor, Error Prone's for example.
      report.error(
          model,
          "[QuantPlan] %s on the processor path; name slimquant-processor before other processors"
              .formatted(problem.get()));
      return layers;
    }
    String name = "%s.plan.txtpb".formatted(model.getQualifiedName());
    try {
      Path plans = Path.of(directory.get());
      if (!Files.isDirectory(plans)) {
        report.error(
            model,
            "[QuantPlan] the option %s must be a directory, but is %s"
                .formatted(OPTION, directory.get()));
      } else {
        return bake(layers, model, plans, name, report);
      }
    } catch (InvalidPathException e) {
      report.error(
          model,
          "[QuantPlan] the option %s must be a directory, but is %s"
              .formatted(OPTION, directory.get()));
    } catch (IOException e) {
      report.error(
          model,
          "[QuantPlan] the plan of %s must be readable, but %s"
              .formatted(model.getSimpleName(), e.getMessage()));
    }
    return layers;
  }

  private static ImmutableList<LayerMethod> bake(
      ImmutableList<LayerMethod> layers, TypeElement model, Path plans, String name, Report report)
      throws IOException {
    ImmutableList<String> candidates = filesNamedLike(name, plans);
    if (candidates.contains(name)) {
      QuantizationPlan plan = QuantizationPlan.read(plans.resolve(name));
      return PlanBaker.bake(layers, plan, name, model, report);
    }
    if (!candidates.isEmpty()) {
      report.error(
          model,
          "[QuantPlan] the plan of %s must be in %s, but the file is %s"
              .formatted(model.getSimpleName(), name, candidates.get(0)));
    } else if (layers.stream().anyMatch(PlanDirectory::isCalibrated)) {
      report.note(
          model,
          "[QuantPlan] %s has formats to calibrate and no %s, so they are left to run time"
              .formatted(model.getSimpleName(), name));
    }
    return layers;
  }

  /**
   * Returns the files whose names differ in the case of letters at most: some systems would open
   * the plan of {@code LeNet} for {@code Lenet}, others would not.
   */
  private static ImmutableList<String> filesNamedLike(String name, Path plans) throws IOException {
    try (Stream<Path> files = Files.list(plans)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name::equalsIgnoreCase)
          .sorted()
          .collect(toImmutableList());
    }
  }

  private static boolean isCalibrated(LayerMethod layer) {
    // Whether a layer has a sum of its own is not known yet.
    return Stream.concat(
            Stream.of(layer.formats().kernel(), layer.formats().output()),
            layer.signature().parameters().stream().flatMap(Parameter::formats))
        .anyMatch(Calibrated.class::isInstance);
  }
}
