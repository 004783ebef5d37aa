package org.slimquant.processor;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.slimquant.processor.reading.PlanDirectory;
import org.slimquant.processor.validation.LocalModels;

/**
 * Reports {@code @QuantInt8} in local classes and on parameters of lambdas.
 *
 * <p>It asks for every annotation, because javac looks for annotations outside of bodies only, and
 * does not call {@link QuantInt8Processor} for a compilation that has them in bodies alone. It
 * claims none. javac calls no processor once all annotations are claimed, so this one must come
 * before the one that claims them; {@code META-INF/services} lists them by name.
 */
@AutoService(Processor.class)
public final class LocalModelsProcessor extends AbstractProcessor {

  private Optional<LocalModels> localModels = Optional.empty();

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    localModels = LocalModels.of(environment);
  }

  @Override
  public ImmutableSet<String> getSupportedAnnotationTypes() {
    return ImmutableSet.of("*");
  }

  /** The option is supported even if no model is compiled: javac warns of unsupported options. */
  @Override
  public ImmutableSet<String> getSupportedOptions() {
    return ImmutableSet.of(PlanDirectory.OPTION);
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    localModels.ifPresent(found -> round.getRootElements().forEach(found::validate));
    return false;
  }
}
