package io.shelfcast.serving;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What serving may know. */
class ServingArchitectureTest {

  private static final String[] TRANSPORT = {"com.linecorp.armeria..", "io.grpc..", "io.netty.."};

  private final JavaClasses serving =
      new ClassFileImporter()
          .importUrl(AvailabilityReader.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void servingKnowsNoBeam() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam..", "io.shelfcast.transforms..")
        .because("a read is no pipeline, and its image has to do without one")
        .check(serving);
  }

  @Test
  void servingHoldsNoSql() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..")
        .because("SQL stands in the store")
        .check(serving);
  }

  @Test
  void theReaderKnowsNoTransport() {
    noClasses()
        .that()
        .haveSimpleNameStartingWith("Availability")
        .and()
        .haveSimpleNameEndingWith("Reader")
        .or()
        .haveSimpleNameStartingWith("Read")
        .or()
        .haveSimpleNameStartingWith("Refresh")
        .or()
        .haveSimpleNameStartingWith("State")
        .or()
        .haveSimpleNameStartingWith("Shadow")
        .or()
        .resideInAPackage("io.shelfcast.serving.experiment..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TRANSPORT)
        .because("it is a library too, for those who need no server")
        .check(serving);
  }

  @Test
  void nothingWritesToTheStandardStreams() {
    noClasses()
        .should(ACCESS_STANDARD_STREAMS)
        .because("what is to be told is logged")
        .check(serving);
  }
}
