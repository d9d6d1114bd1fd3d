/**
 * Class tables of TotalSegmentator, as data.
 *
 * Source: `totalsegmentator/map_to_binary.py` of https://github.com/wasserth/TotalSegmentator (Apache-2.0), read at commits
 * 0275d30 (v1, v2, MR, bodies) and the v3 notes of the same repository (class 26 is `vertebrae_L6`, not `vertebrae_S1`);
 * v2, MR, `vertebrae_body` and `vertebrae_pp_refined` were also read from the label tables inside real output files.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const RIBS = words(`
rib_left_1 rib_left_2 rib_left_3 rib_left_4 rib_left_5 rib_left_6 rib_left_7 rib_left_8 rib_left_9 rib_left_10 rib_left_11 rib_left_12
rib_right_1 rib_right_2 rib_right_3 rib_right_4 rib_right_5 rib_right_6 rib_right_7 rib_right_8 rib_right_9 rib_right_10 rib_right_11
rib_right_12`);

const COLUMN_UPWARDS = words(`
vertebrae_L5 vertebrae_L4 vertebrae_L3 vertebrae_L2 vertebrae_L1
vertebrae_T12 vertebrae_T11 vertebrae_T10 vertebrae_T9 vertebrae_T8 vertebrae_T7 vertebrae_T6 vertebrae_T5 vertebrae_T4
vertebrae_T3 vertebrae_T2 vertebrae_T1
vertebrae_C7 vertebrae_C6 vertebrae_C5 vertebrae_C4 vertebrae_C3 vertebrae_C2 vertebrae_C1`);

const GIRDLES = words(`
humerus_left humerus_right scapula_left scapula_right clavicula_left clavicula_right femur_left femur_right hip_left hip_right`);

const MUSCLES = words(`
gluteus_maximus_left gluteus_maximus_right gluteus_medius_left gluteus_medius_right gluteus_minimus_left gluteus_minimus_right
autochthon_left autochthon_right iliopsoas_left iliopsoas_right`);

/** Names of the 104 classes of version 1 · class n is entry n − 1. */
export const TOTAL_V1: readonly string[] = [
  ...words(`
spleen kidney_right kidney_left gallbladder liver stomach aorta inferior_vena_cava portal_vein_and_splenic_vein pancreas
adrenal_gland_right adrenal_gland_left lung_upper_lobe_left lung_lower_lobe_left lung_upper_lobe_right lung_middle_lobe_right
lung_lower_lobe_right`),
  ...COLUMN_UPWARDS,
  ...words(`
esophagus trachea heart_myocardium heart_atrium_left heart_ventricle_left heart_atrium_right heart_ventricle_right pulmonary_artery
brain iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right small_bowel duodenum colon`),
  ...RIBS,
  ...GIRDLES,
  'sacrum',
  'face',
  ...MUSCLES,
  'urinary_bladder',
];

/** Names of the 117 classes of version 2 · class n is entry n − 1. */
export const TOTAL_V2: readonly string[] = [
  ...words(`
spleen kidney_right kidney_left gallbladder liver stomach pancreas adrenal_gland_right adrenal_gland_left lung_upper_lobe_left
lung_lower_lobe_left lung_upper_lobe_right lung_middle_lobe_right lung_lower_lobe_right esophagus trachea thyroid_gland small_bowel
duodenum colon urinary_bladder prostate kidney_cyst_left kidney_cyst_right sacrum vertebrae_S1`),
  ...COLUMN_UPWARDS,
  ...words(`
heart aorta pulmonary_vein brachiocephalic_trunk subclavian_artery_right subclavian_artery_left common_carotid_artery_right
common_carotid_artery_left brachiocephalic_vein_left brachiocephalic_vein_right atrial_appendage_left superior_vena_cava
inferior_vena_cava portal_vein_and_splenic_vein iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right`),
  ...GIRDLES,
  'spinal_cord',
  ...MUSCLES,
  'brain',
  'skull',
  ...RIBS,
  'sternum',
  'costal_cartilages',
];

/** Version 3: the classes of version 2 with L6 in the place of S1. */
export const TOTAL_V3: readonly string[] = TOTAL_V2.map((name) => (name === 'vertebrae_S1' ? 'vertebrae_L6' : name));

/** Names of the 50 classes of the MR model `total_mr`; all vertebrae are one class. */
export const TOTAL_MR: readonly string[] = [
  ...words(`
spleen kidney_right kidney_left gallbladder liver stomach pancreas adrenal_gland_right adrenal_gland_left lung_left lung_right
esophagus small_bowel duodenum colon urinary_bladder prostate sacrum vertebrae intervertebral_discs spinal_cord heart aorta
inferior_vena_cava portal_vein_and_splenic_vein iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right`),
  ...GIRDLES,
  ...MUSCLES,
  'brain',
];

/** Task `vertebrae_mr`: sacrum, then L5 upwards to C1. */
export const VERTEBRAE_MR: readonly string[] = ['sacrum', ...COLUMN_UPWARDS];

/** Task `vertebrae_body`: all vertebral bodies in one class, all discs in another. */
export const VERTEBRAE_BODY: readonly string[] = ['vertebrae_body', 'intervertebral_discs'];

/** Tasks `vertebrae_pp` and `vertebrae_pp_refined`: C1 downwards to L5; the refined one is clipped to the vertebral bodies. */
export const VERTEBRAE_PP: readonly string[] = [...COLUMN_UPWARDS].reverse();
