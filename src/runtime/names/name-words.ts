/** Words of file names that say what was measured and never who: the only ones that stay. */

/** Levels are a letter and a number, which `file-names.ts` lets stand; these are the words. */
const BY_TOPIC = {
  study: `study series serie ser scan scans acquisition image images im img imgs slice slices frame frames volume vol
    dicom dicomdir instance run take trial trials session test tests demo sample example export record records recording
    recordings data file files raw copy final new old pre post preop postop baseline followup follow up visit visits
    week month day part batch set list table map mapping profile overview info values reference source readme license half one two
    three first second third last all other unknown known empty minimal stream streams reset resets measured published`,
  person: 'sub subj subject subjects patient case participant phantom virtual synthetic synth simulated anon anonymous',
  imaging: `ct cbct cta mr mri mrt us ultrasound xray x ray dx cr t1 t2 t1w t2w t2star pd pdw flair stir tirm dixon tse
    bold dwi adc water fat sagittal sag axial ax coronal cor lateral lat ap pa iso native contrast kernel bone soft hu
    large sm heart liver kidney lung aorta reordered resampled cropped crop downsampled lowres hires mm`,
  labels: `seg segs segment segmentation segmentations segmented msk mask masks label labels labelmap dseg roi rois gt
    parcellation total totalseg totalsegmentator subreg stats prediction ground truth training landmarks landmark keypoints points centroids curve mesh surface cloud scene model`,
  body: `anatomy bodies spine spinal column lumbar thoracic cervical sacral sacrum coccyx pelvis pelvic torso trunk chest abdomen back
    lower upper low high whole full body skin bone bones rib ribs vertebra vertebrae vert verts cerv thor lumb disc discs disk disks
    endplate pedicle facet muscle muscles erector spinae multifidus rectus abdominis oblique gluteus biceps triceps
    adductor tibialis gastrocnemius soleus vastus hamstring quadriceps head neck shoulder arm elbow wrist hand hip thigh
    knee shank pain ankle foot feet leg legs left right l r both front middle side`,
  motion: `motion mocap movement marker markers analog analogs video depth kinect vicon bts opti track qualisys optitrack xsens imu imus
    emg force forces plate plates grf grfs cop wrench sensor sensors inertial quaternion quaternions orientations acc accel gyro gyr mag quat orientation angle angles
    coordinates states kinematics kinetics ik fk id static dynamic calibration calibrated calib std skeleton skeletons
    skel blazepose pose poses human mot joint joints mvc rest burst bursts fatigue quiet noise signal signals events
    event trigger sync inverse forward dyn kin ts fp dj generic scaled musc  cm clock clocks channel channels amplifier undisturbed disturbed slow fast rotation translation
    combined tapping magnet stationary vibration attached office`,
  task: `gait walk walks walking run running jump jumps jumping drop dj squat squats lunge lunges bend bends bending
    flexion extension sit sitting stand standing sts rise lift lifts lifting reach lying supine prone balance dance
    basketball crane samba exercise exercises baseline asym asymmetric asymmetrical symmetric sym good bad normal`,
  record: `fhir server bundle bundles resource resources condition conditions observation observations encounter encounters
    medication medications procedure procedures questionnaire score scores odi vas nrs lab labs laboratory marker
    history graph features feature report reports record chart ehr notes plan reference truth result results`,
  when: `before after during between earlier later initial discharge admission intake session sessions trial trials
    rep reps repetition repetitions round attempt test tests tested retest repeat repeated start end begin middle
    morning evening daily weekly monthly year years date dated control controls intervention therapy treatment
    training surgery surgical operation operated op postoperative preoperative`,
  setup: `electrode electrodes camera cameras record recorded recorder recording sequence sequences sample samples
    sampled device devices system systems setup config configuration settings parameters protocol logger log logs
    export exported import imported output input processed unprocessed filtered unfiltered smoothed cleaned clean
    original originals converted merged split cut trimmed corrected uncorrected aligned synchronised synchronized
    synced compressed archive backup demo example examples template dummy default custom full single double pair
    pairs multi time times timestamp timestamps duration position positions velocity velocities acceleration
    accelerations speed height heights width length weight mass volume volumes area areas index value count number
    average avg median rms spectrum spectra envelope amplitude frequency power trajectory trajectories landmarks
    point line lines grid voxel voxels vertices faces triangles texture color colour grey gray rgb infrared laser
    probe transducer sweep sweeps cine doppler bmode needle screw screws implant cage hardware brace corset orthosis
    prosthesis exo exoskeleton belt vest shirt barefoot shoe shoes shod insole insoles treadmill overground stairs
    stair ramp floor table chair stool bed wall box capture captures armless moco ivd vb vbs hjc upstream locations
    registered tasks type format pattern order process statistics gradings grading radiological filenames sizes jpeg
    palette sr`,
  how: `abled able healthy affected unaffected injured painful painless sound dominant nondominant ipsilateral
    contralateral forward forwards backward backwards sideways upward downward inward outward up down in out on off
    open closed eyes loaded unloaded load light heavy weighted free guided active passive maximal submaximal
    isometric isokinetic concentric eccentric voluntary involuntary relaxed tense neutral upright slouched seated
    kneel kneeling crouch crawl climb step steps stepping stride heel toe toes tiptoe turn turns turning twist
    twisting rotate rotating tilt tilting sway swing throw catch kick hop hops hopping carry carrying pull pulling
    push pushing raise raising lowering hold holding press grip grasp pointing wave circle swipe clap cross draw golf
    tennis boxing bowling soccer football cycling bike rowing swimming yoga pilates stretch stretching warmup
    cooldown work working preferred comfortable self selected natural random quick rapid steady constant variable
    increasing decreasing and or to no not only with without my of at by for from backpain skeletal subcutaneous
    ribcage scapula`,
  form: 'nii dcm csv tsv json txt c3d trc mot sto bvh stl ply obj glb edf bdf xdf npz mat zip left right a b c d e',
};

/** In lower case. */
export const NAME_WORDS: ReadonlySet<string> = new Set(
  Object.values(BY_TOPIC)
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => word.length > 1 || /^[lrx]$/.test(word)),
);
