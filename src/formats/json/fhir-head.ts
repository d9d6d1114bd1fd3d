/** Tells FHIR from other JSON by the first bytes of a file. */

/** Every resource type of FHIR R4 (4.0.1). */
export const R4_TYPES: ReadonlySet<string> = new Set(
  `Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic
  Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry
  ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication
  CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage
  CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric
  DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis
  Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable
  ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
  HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
  ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication
  MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
  MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
  MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
  MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader
  MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition
  OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation
  Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse
  RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject
  RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition
  StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein
  SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
  TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription`.split(/\s+/),
);

/**
 * True when the start of a JSON text is that of a FHIR R4 resource: `resourceType` among the keys of the outermost object, or,
 * where a bundle's entries come first, among those of its first resource.
 * @param text - the first kilobyte or so; may end anywhere
 * @example isFhirHead('{"id": "1", "resourceType": "Patient"') // true
 * @example isFhirHead('{"study": {"resourceType": "Patient"}}') // false
 */
export function isFhirHead(text: string): boolean {
  const path: string[] = [];
  const tokens = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/gy;
  let key = '';
  let at = /^\ufeff?\s*/.exec(text)?.[0].length ?? 0;
  if (text[at] !== '{') return false;
  for (; at < text.length; ) {
    tokens.lastIndex = at;
    const token = tokens.exec(text);
    if (!token) {
      // a cut string, a number or a comma
      if (text[at] === '"') return false;
      at++;
      continue;
    }
    at = tokens.lastIndex;
    const [whole, string, colon] = token;
    if (whole === '{' || whole === '[') path.push(whole === '[' ? `${key}[]` : key);
    else if (whole === '}' || whole === ']') path.pop();
    else if (colon) key = string;
    else if (key === 'resourceType') {
      const where = path.join('/');
      if (where === '' || where === '/entry[]/entry/resource') return R4_TYPES.has(string);
    }
    if (path.length === 0) return false;
  }
  return false;
}
