package org.slimquant.processor;

import java.util.LinkedHashSet;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Claims the given annotations, and records those that javac showed it. */
final class ClaimingProcessor extends AbstractProcessor {

  private final Set<String> supported;
  private final Set<String> shown = new LinkedHashSet<>();

  ClaimingProcessor(String... supported) {
    this.supported = Set.of(supported);
  }

  /** Returns the names of the annotations that javac showed it. */
  Set<String> shown() {
    return shown;
  }

  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // that is what it is for
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    annotations.forEach(annotation -> shown.add(annotation.getQualifiedName().toString()));
    return true;
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return supported;
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }
}
