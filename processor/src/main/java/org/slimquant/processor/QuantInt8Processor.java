package org.slimquant.processor;

import com.google.auto.common.BasicAnnotationProcessor;
import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/**
 * Writes {@code QuantizedLeNet} for a class {@code LeNet} with {@code @QuantInt8} layers.
 *
 * <p>It asks for every annotation, because javac looks for them outside of bodies only, and would
 * not call it for a compilation that has them in local classes alone. It claims none.
 */
@AutoService(Processor.class)
public final class QuantInt8Processor extends AbstractProcessor {

  private final ModelProcessor models = new ModelProcessor();
  private Optional<LocalModels> localModels = Optional.empty();

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    models.init(environment);
    localModels = LocalModels.of(environment);
  }

  @Override
  public ImmutableSet<String> getSupportedAnnotationTypes() {
    return ImmutableSet.of("*");
  }

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
    models.process(annotations, round);
    localModels.ifPresent(found -> round.getRootElements().forEach(found::validate));
    return false;
  }

  /** Puts off what another processor has yet to complete. */
  private static final class ModelProcessor extends BasicAnnotationProcessor {

    @Override
    protected Iterable<? extends Step> steps() {
      return ImmutableList.of(new ModelStep(processingEnv));
    }
  }
}
