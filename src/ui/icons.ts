import { LabIcon } from '@jupyterlab/ui-components';

import arrowDownSvg from '../../style/icons/arrow-down.svg';
import arrowUpSvg from '../../style/icons/arrow-up.svg';
import clockSvg from '../../style/icons/clock.svg';
import cloudOffSvg from '../../style/icons/cloud-off.svg';
import cloudSvg from '../../style/icons/cloud.svg';
import conflictSvg from '../../style/icons/conflict.svg';
import ignoredSvg from '../../style/icons/ignored.svg';
import deviceSvg from '../../style/icons/device.svg';
import projectsSvg from '../../style/icons/projects.svg';
import warningSvg from '../../style/icons/warning.svg';

/** The settings schemas name it as their icon. */
export const projectsIcon = new LabIcon({
  name: 'jupyterlab-projects:projects',
  svgstr: projectsSvg
});

export const cloudIcon = new LabIcon({ name: 'jupyterlab-projects:cloud', svgstr: cloudSvg });
export const cloudOffIcon = new LabIcon({
  name: 'jupyterlab-projects:cloud-off',
  svgstr: cloudOffSvg
});
/** This Jupyter server, as the other place than the cloud. */
export const deviceIcon = new LabIcon({ name: 'jupyterlab-projects:device', svgstr: deviceSvg });
export const conflictIcon = new LabIcon({
  name: 'jupyterlab-projects:conflict',
  svgstr: conflictSvg
});
export const warningIcon = new LabIcon({ name: 'jupyterlab-projects:warning', svgstr: warningSvg });
export const clockIcon = new LabIcon({ name: 'jupyterlab-projects:clock', svgstr: clockSvg });
export const arrowUpIcon = new LabIcon({
  name: 'jupyterlab-projects:arrow-up',
  svgstr: arrowUpSvg
});
export const arrowDownIcon = new LabIcon({
  name: 'jupyterlab-projects:arrow-down',
  svgstr: arrowDownSvg
});
export const ignoredIcon = new LabIcon({ name: 'jupyterlab-projects:ignored', svgstr: ignoredSvg });
